import { getBulkJob } from '#app/bulk/get-bulk-job.ts'
import { listBulkJobItems } from '#app/bulk/list-bulk-job-items.ts'
import { bulkTaskOrders, listBulkTasks } from '#app/bulk/list-bulk-tasks.ts'
import { resolveExternals } from '#app/external-ids/resolve-external.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'
import { header } from '../auth.ts'
import { surface } from '../ids.ts'
import { uidsOf } from '../names.ts'
import { flag, order, page, text, texts, type Query } from '../query.ts'
import { queueNames } from '../queue-names.ts'
import { answering, reads, type StackCall } from '../route.ts'
import {
  standingOf,
  writeDeployedItem,
  writeJob,
  writeJobItem,
  writeNumberedJob,
  writeTask,
} from '../translate/bulk-job.ts'
import { readTime } from '../translate/time.ts'
import { JobAnswer, JobItems, Tasks } from '../wire-answers/bulk.ts'

export const bulkJobRoutes = {
  /** Items of all jobs, with numbers for how far each is: that is what the vendor calls its task queue. */
  jobs: answering(
    Tasks,
    reads(async (call: StackCall) => {
      const { ctx, project_id, branch, query } = call
      const { items, total } = await listBulkTasks(ctx, {
        ...{ project_id, branch, ...page(query) },
        ...{ from: dayIn(query, 'from'), to: dayIn(query, 'to', 1) },
        standings: standingsIn(query),
        requested_by: await usersIn(call),
        order: orderIn(query),
        with_total: flag(query, 'include_count'),
      })
      const releases = items.map(({ release_id }) => release_id)
      const [users, releaseUids] = await Promise.all([
        uidsOf(
          ctx,
          'user',
          items.map(({ requested_by }) => requested_by),
        ),
        uidsOf(ctx, 'release', releases),
      ])
      const jobItems = items.map((task) => writeTask(task, users, releaseUids))
      return { jobItems, ...(total === undefined ? {} : { count: total }) }
    }),
  ),

  /** In the shape of the header; in both where there is none, so that every client finds its own. */
  job: answering(
    JobAnswer,
    reads(async (call: StackCall) => {
      const job = await getBulkJob(call.ctx, nameOf(call))
      const flat = writeJob(job, await queueNames(call, [], job))
      const numbered = { job: writeNumberedJob(job, flat) }
      if (isVersion(call, 'api_version', '3')) return flat
      return isVersion(call, 'bulk_version', '2') ? numbered : { ...flat, ...numbered }
    }),
  ),

  jobItems: answering(
    JobItems,
    reads(async (call: StackCall) => {
      const { ctx, query } = call
      const { limit, offset } = page(query)
      const name = nameOf(call)
      const kinds = texts(query, 'ct')
      const found = await listBulkJobItems(ctx, {
        ...{ ...name, limit, offset, ended: endIn(query), assets: typeIn(query) },
        ...(kinds.length > 0 ? { kinds } : {}),
        with_reached: flag(query, 'include_reference'),
      })
      const counted = flag(query, 'include_count') ? { total_count: found.total } : {}
      const job = await getBulkJob(ctx, name)
      const names = await queueNames(call, found.rows, job)
      const items = [
        ...found.rows.map((row) => writeDeployedItem(row, names)),
        ...found.items.map((item) => writeJobItem(item, job, names.users)),
      ]
      return { items, skip: offset, limit, ...counted }
    }),
  ),
}

/** Some of the vendor's ids have `cs-` before the uuid. */
function nameOf({ project_id, branch, params: { job = '' } }: StackCall) {
  const job_id = readId('request', job.toLowerCase().replace(/^cs-/, ''))
  if (!job_id) throw new DomainError('not_found', { what: 'job', id: job })
  return { project_id, branch, job_id }
}

function isVersion({ request }: StackCall, name: string, version: string): boolean {
  return header(request, name)?.startsWith(version) ?? false
}

function endIn(query: Query): 'well' | 'badly' | undefined {
  const status = text(query, 'status')
  if (status === undefined) return undefined
  if (status === 'success') return 'well'
  if (status === 'failed') return 'badly'
  throw invalidField('status', 'invalid', "must be 'success' or 'failed'.")
}

/** Whether assets are asked for; undefined: both. */
function typeIn(query: Query): boolean | undefined {
  const type = text(query, 'type')
  if (type === undefined) return undefined
  if (type === 'asset' || type === 'entry') return type === 'asset'
  throw invalidField('type', 'invalid', "must be 'entry' or 'asset'.")
}

function standingsIn(query: Query) {
  const status = text(query, 'status')
  return status?.split(',').map((number) => {
    const standing = /^\s*\d\s*$/.test(number) ? standingOf(Number(number)) : undefined
    if (standing) return standing
    throw invalidField('status', 'invalid', 'must be numbers from 1 to 6 with commas between.')
  })
}

async function usersIn({ house, query }: StackCall): Promise<string[] | undefined> {
  const uids = text(query, 'users')?.split(',').slice(0, 100)
  if (!uids) return undefined
  const found = await resolveExternals(
    house,
    surface,
    'user',
    uids.map((uid) => uid.trim()),
  )
  return [...found.values()]
}

const dayMs = 24 * 3600 * 1000

/** The first moment of a day, or of the one after it. */
function dayIn(query: Query, key: 'from' | 'to', after = 0): Date | undefined {
  const day = text(query, key)
  if (day === undefined) return undefined
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? readTime(day) : undefined
  if (time) return new Date(time.getTime() + after * dayMs)
  throw invalidField(key, 'invalid', 'must be a date as YYYY-MM-DD.')
}

function orderIn(query: Query) {
  const asked = order(query)
  if (!asked) return undefined
  const field = bulkTaskOrders.find((one) => one === asked.field)
  if (field) return { field, direction: asked.direction }
  throw invalidField(asked.direction, 'invalid', `must be one of ${bulkTaskOrders.join(', ')}.`)
}
