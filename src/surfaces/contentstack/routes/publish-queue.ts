import { getBulkJob } from '#app/bulk/get-bulk-job.ts'
import { getQueueRow } from '#app/publish-queue/get-queue-row.ts'
import { listQueue, type QueueView } from '#app/publish-queue/list-queue.ts'
import { unscheduleRow } from '#app/publish-queue/unschedule-row.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'
import type { publishQueue } from '../endpoints/publish-queue.ts'
import { refuseWriting } from '../management-scope.ts'
import { flag, page, text } from '../query.ts'
import { queueNames } from '../queue-names.ts'
import { readQueue } from '../read-queue.ts'
import { answering, reads, type Routes, type StackCall } from '../route.ts'
import { writeSummary } from '../translate/bulk-job.ts'
import { readQueueUid, writeQueueRow } from '../translate/queue-row.ts'
import { writeTime } from '../translate/time.ts'
import { OneQueueRow, Queue, Unscheduled, type JobDetails } from '../wire-answers/publish-queue.ts'

export const publishQueueRoutes: Routes<typeof publishQueue> = {
  list: answering(
    Queue,
    reads(async (call: StackCall) => {
      const { ctx, project_id, branch, query } = call
      const counts = flag(query, 'count')
      const job = text(query, 'bulkJobId')
      const request_id =
        job === undefined ? undefined : (readId('request', job.replace(/^cs-/, '')) ?? nobody)
      const { limit, offset } = page(query)
      const { rows, total } = await listQueue(ctx, {
        ...{ project_id, branch, request_id, offset, limit: counts ? 0 : limit },
        ...(await readQueue(call)),
        with_total: counts || flag(query, 'include_count'),
      })
      if (counts) return { queue: total ?? 0 }
      const details =
        request_id && flag(query, 'include_job_details') ? await jobDetails(call, request_id) : {}
      return {
        queue: await write(call, rows),
        ...(total === undefined ? {} : { count: total }),
        ...details,
      }
    }),
  ),

  get: answering(
    OneQueueRow,
    reads(async (call: StackCall) => {
      const [entry] = await write(call, [await getQueueRow(call.ctx, nameOf(call))])
      return { entry }
    }),
  ),

  /** All that the row's deployment was to bring to that environment is unscheduled with it (section 2.8). */
  unschedule: answering(
    Unscheduled,
    reads(async (call: StackCall) => {
      const name = nameOf(call)
      refuseWriting(call.token, ['publish_queue', moduleOf(await getQueueRow(call.ctx, name))])
      const row = await unscheduleRow(call.ctx, name)
      const where = { all: [deploymentIs(row), { not: { field: 'type', among: ['release'] } } as const] }
      const { total = 0 } = await listQueue(call.ctx, {
        ...{ project_id: call.project_id, branch: call.branch, request_id: row.request_id, where },
        ...{ limit: 0, offset: 0, with_total: true },
      })
      const noun = row.one_shot ? (row.kind === 'asset' ? 'Asset' : 'Entry') : 'Release'
      return { notice: `${noun} unscheduled successfully.`, unscheduled_items: total }
    }),
  ),
}

/** No request has this id. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Whose matter it is what waits there. */
function moduleOf({ one_shot, kind }: QueueView) {
  if (!one_shot) return 'release'
  return kind === 'asset' ? 'asset' : 'entry'
}

function deploymentIs({ environment_id }: QueueView) {
  return { field: 'environment_id', among: [environment_id] } as const
}

function nameOf({ project_id, branch, params: { row = '' } }: StackCall) {
  const name = readQueueUid(row)
  if (!name) throw new DomainError('not_found', { what: 'item', id: row })
  return { project_id, branch, ...name }
}

async function write(call: StackCall, rows: readonly QueueView[]) {
  const names = await queueNames(call, rows)
  const branch = flag(call.query, 'include_branch') ? call.branch : undefined
  return rows.map((row) => writeQueueRow(row, names, branch))
}

/** What a job's rows are part of; nothing where there is no such job. */
async function jobDetails(call: StackCall, job_id: string): Promise<{ jobDetails?: JobDetails }> {
  const { ctx, project_id, branch, api_key } = call
  try {
    const job = await getBulkJob(ctx, { project_id, branch, job_id })
    const names = await queueNames(call, [], job)
    const user = names.users(job.requested_by)
    const { counts } = job
    const summary = writeSummary(job)
    const waits = counts.approvals > 0
    return {
      jobDetails: {
        ...{ uid: job.id, stack: api_key, type: 'bulk-job', entry: { uid: job.id, title: job.id } },
        action: job.kind,
        environment: job.environment_ids.map((id) => names.environments(id) ?? ''),
        locale: [...job.locales],
        publish_details: {
          status: job.finished_at ? 'complete' : job.standing === 'waiting' ? 'pending' : 'in_progress',
          ...{ recordsCount: counts.total, process_count: summary.total_processed },
        },
        publish_with_reference: job.with_references,
        summary,
        ...{ user, created_by: user, updated_by: user, approval: waits, approved: !waits, rejected: false },
        published_at: job.finished_at && writeTime(job.finished_at),
        ...{ created_at: writeTime(job.created_at), updated_at: writeTime(job.updated_at) },
      },
    }
  } catch (error) {
    if (isDomainError(error, 'not_found')) return {}
    throw error
  }
}
