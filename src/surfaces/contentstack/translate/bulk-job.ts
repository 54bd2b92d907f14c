import type { BulkJobView } from '#app/bulk/get-bulk-job.ts'
import type { BulkJobItemRow } from '#app/bulk/list-bulk-job-items.ts'
import type { BulkTaskRow } from '#app/bulk/list-bulk-tasks.ts'
import type { QueueRow } from '#app/publish-queue/list-queue.ts'
import type { JobStanding } from '#domain/bulk-job.ts'
import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { UidOf } from '../ids.ts'
import type { FlatJob, JobItemAnswer, NumberedJob, TaskAnswer } from '../wire-answers/bulk.ts'
import { queueWord, reasonOf, type QueueNames } from './queue-row.ts'
import { assetTypes } from './release.ts'
import { writeTime } from './time.ts'

/** The numbers of the task queue, and the words of a job and its summary (section 2.5). */
const standings: Record<JobStanding, { number: number; status: string; state: string }> = {
  waiting: { number: 1, status: 'pending', state: 'waiting' },
  queued: { number: 2, status: 'in_queue', state: 'in_queue' },
  running: { number: 3, status: 'in_progress', state: 'in_progress' },
  done: { number: 4, status: 'complete', state: 'completed' },
  // It is over: what failed is in the summary.
  partly: { number: 5, status: 'complete', state: 'partially_completed' },
  failed: { number: 6, status: 'failed', state: 'failed' },
}

/** Of a number of the task queue; undefined where there is none. */
export function standingOf(number: number): JobStanding | undefined {
  return (Object.keys(standings) as JobStanding[]).find((one) => standings[one].number === number)
}

const types: Record<BulkJobView['kind'], string> = {
  add: 'add_to_release',
  refresh: 'update_release_items',
  publish: 'bulk_publish',
  unpublish: 'bulk_unpublish',
  delete: 'bulk_delete',
  deploy: 'release_deploy',
}

/** A job without envelope, as `api_version: 3.2` has it. */
export function writeJob(job: BulkJobView, { api_key, environments, users, releases }: QueueNames): FlatJob {
  const user = users(job.requested_by)
  const action = job.kind === 'add' || job.kind === 'refresh' ? 'publish' : job.kind
  const release = job.release_id === null ? null : releases(job.release_id)
  return {
    ...{ uid: job.id, api_key, action, type: types[job.kind] },
    ...(release === null ? {} : { release }),
    status: standings[job.standing].status,
    body: {
      branch: job.branch,
      locales: [...job.locales],
      environments: job.environment_ids.map((id) => environments(id) ?? ''),
      // One that was unscheduled, or failed, published nothing.
      published_at: job.finished_at && job.counts.done > 0 ? writeTime(job.finished_at) : '',
      scheduled_at: job.due_at ? writeTime(job.due_at) : '',
    },
    summary: { ...writeSummary(job), state: standings[job.standing].state },
    ...{ created_by: user, updated_by: user },
    ...{ created_at: writeTime(job.created_at), updated_at: writeTime(job.updated_at) },
  }
}

/** As `bulk_version: 2.0` has it, inside `job`. */
export function writeNumberedJob(job: BulkJobView, flat: FlatJob): NumberedJob {
  return { ...flat, _id: job.id, status: standings[job.standing].number }
}

export function writeSummary({ counts }: BulkJobView) {
  const { asked, done, unchanged, failed, approvals } = counts
  return {
    top_level_items: asked,
    total_processed: done + unchanged + failed + approvals,
    ...{ success: done, unsuccess: failed, approvals, skip: unchanged },
  }
}

function partsOf(key: string, kind: string, version: string | null) {
  const { uid = key, locale = '' } = readContentKey(key) ?? {}
  const pin = version === null ? undefined : readContentVersion(version, locale)
  const source = pin?.source_locale ?? locale
  return {
    uid,
    // All versions of an asset are the master's.
    locale: kind === 'asset' ? '' : source,
    version: pin?.version ?? null,
    type: kind === 'asset' ? 'asset' : 'entry',
    publish_locale: locale,
    ...(kind === 'asset' ? {} : { content_type: { uid: kind } }),
  }
}

/** An item of a job that deployments do, in one environment. */
export function writeDeployedItem(row: QueueRow, { environments, users }: QueueNames): JobItemAnswer {
  const status = queueWord(row)
  const reason = status === 'failed' || status === 'skipped' ? reasonOf(row) : undefined
  return {
    ...partsOf(row.item_key ?? '', row.kind ?? '', row.version),
    title: row.title,
    publish_details: { status, ...(reason === undefined ? {} : { failure_reason: reason }) },
    environment: environments(row.environment_id) ?? '',
    action: row.action,
    published_at: status === 'success' && row.finished_at ? writeTime(row.finished_at) : null,
    scheduled_at: row.due_at ? writeTime(row.due_at) : '',
    user: users(row.requested_by),
    depth: row.depth,
  }
}

/** An item of a job about a release, or of one that deletes. */
export function writeJobItem(item: BulkJobItemRow, job: BulkJobView, users: UidOf): JobItemAnswer {
  const status = item.outcome === 'failed' ? 'failed' : item.outcome === 'unchanged' ? 'skipped' : 'success'
  const errors = errorsOf(item)
  const [error] = errors.errors ?? []
  return {
    ...partsOf(item.item_key, item.kind, item.version),
    title: item.title,
    publish_details: { status, ...(error ? { failure_reason: error.errorKey } : {}) },
    environment: '',
    action: item.action,
    published_at: null,
    scheduled_at: '',
    user: users(job.requested_by),
    depth: item.depth,
    ...errors,
  }
}

/** A line of the task queue. */
export function writeTask(task: BulkTaskRow, users: UidOf, releases: UidOf): TaskAnswer {
  const { uid, version, publish_locale } = partsOf(task.item_key, task.kind, task.version)
  const release = task.release_id === null ? null : releases(task.release_id)
  return {
    _id: `${task.job_id}-${task.position}`,
    job_id: task.job_id,
    action: task.action,
    uid,
    content_type_uid: task.kind === 'asset' ? (assetTypes.at(-1) ?? task.kind) : task.kind,
    ...{ title: task.title, locale: publish_locale, version },
    ...(task.depth > 0 ? { reference: true } : {}),
    ...(release === null ? {} : { release }),
    status: standings[task.standing].number,
    created_by: users(task.requested_by),
    ...{ created_at: writeTime(task.created_at), updated_at: writeTime(task.updated_at) },
    ...errorsOf(task),
  }
}

/** The vendor's own words, where they are known. */
const errorKeys: { [code: string]: string } = {
  already_there: 'This item has already been added to the release',
}

function errorsOf({ outcome, code, field, reason }: BulkJobItemRow): Pick<TaskAnswer, 'errors' | 'errored'> {
  if (outcome !== 'failed') return {}
  const errorKey = errorKeys[code ?? ''] ?? reason ?? 'It could not be done'
  return { errors: [{ path: field ?? 'uid', errorKey }], errored: true }
}
