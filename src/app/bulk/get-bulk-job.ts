import type { JobStanding } from '#domain/bulk-job.ts'
import { DomainError } from '#domain/errors.ts'
import { findBulkJob, type BulkJobRow } from '#store/bulk-job.ts'
import { countBulkJobItems } from '#store/bulk-job-item.ts'
import { findStanding } from '#store/bulk-task.ts'
import { listDeploymentsOfRequest, type NamedDeployment } from '#store/deployment.ts'
import { countStandings, listQueueRows, type QueueFilter, type QueueStanding } from '#store/publish-queue.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { queueInSight } from '../publish-queue/queue-in-sight.ts'

/** How many of a job's items came out how; those that were reached by references included. */
export interface JobCounts {
  done: number
  unchanged: number
  failed: number
  /** Wait for somebody to agree. */
  approvals: number
  total: number
  /** Of all those that were asked for. */
  asked: number
}

export interface BulkJobView {
  id: string
  kind: BulkJobRow['kind'] | 'deploy'
  branch: string
  release_id: string | null
  with_references: boolean
  locales: readonly string[]
  environment_ids: string[]
  standing: JobStanding
  counts: JobCounts
  requested_by: string | null
  created_at: Date
  updated_at: Date
  finished_at: Date | null
  due_at: Date | null
}

export interface JobName {
  project_id: string
  branch: string
  job_id: string
}

/** What was asked for in bulk, or a request for deployments, by its id. Throws `not_found`. */
export async function getBulkJob(ctx: Context, name: JobName): Promise<BulkJobView> {
  const { project_id, branch, job_id } = name
  authorize(ctx, 'release.read', { project_id, branch })
  const job = await findBulkJob(ctx.db, job_id)
  if (job && (job.project_id !== project_id || job.branch !== branch)) throw noJob(job_id)
  if (job && job.kind !== 'publish' && job.kind !== 'unpublish') return viewOwn(ctx, job)
  const filter = { ...queueInSight(ctx, name), request_id: job_id, items_only: true }
  const deployments = await listDeploymentsOfRequest(ctx.db, job_id)
  const seen = deployments.filter((one) => isInSight(one, filter))
  const standing = seen.length > 0 ? await findStanding(ctx.db, job_id) : undefined
  if (!standing) throw noJob(job_id)
  return viewDeployed(ctx, { job, standing, filter }, seen)
}

/** Throws as getBulkJob does, and says whether deployments do its work. */
export async function requireJob(ctx: Context, name: JobName): Promise<{ deploys: boolean }> {
  const { kind } = await getBulkJob(ctx, name)
  return { deploys: kind === 'publish' || kind === 'unpublish' || kind === 'deploy' }
}

function noJob(id: string): DomainError {
  return new DomainError('not_found', { what: 'job', id })
}

function isInSight(
  { id, project_id, release_branch, environment_id, dry_run }: NamedDeployment,
  { project_id: asked, branch, since_id, environment_ids }: QueueFilter,
): boolean {
  if (project_id !== asked || dry_run || id < since_id) return false
  return (release_branch ?? branch) === branch && (environment_ids?.includes(environment_id) ?? true)
}

/** Done in the transaction that wrote it. */
async function viewOwn({ db }: Context, job: BulkJobRow): Promise<BulkJobView> {
  const counts: JobCounts = { done: 0, unchanged: 0, failed: 0, approvals: 0, total: 0, asked: 0 }
  for (const { outcome, asked, count } of await countBulkJobItems(db, job.id)) {
    counts[outcome ?? 'done'] += count
    counts.total += count
    if (asked) counts.asked += count
  }
  const { done, unchanged, failed } = counts
  const standing = failed === 0 ? 'done' : done + unchanged === 0 ? 'failed' : 'partly'
  const over = { updated_at: job.created_at, finished_at: job.created_at, due_at: null }
  return { ...job, environment_ids: [], standing, counts, ...over }
}

async function viewDeployed(
  ctx: Context,
  { job, standing, filter }: { job: BulkJobRow | undefined; standing: JobStanding; filter: QueueFilter },
  deployments: readonly NamedDeployment[],
): Promise<BulkJobView> {
  const now = ctx.now()
  const [first] = deployments as [NamedDeployment]
  const counts = countsOf(await countStandings(ctx.db, filter, now))
  // What could not be brought to the deployments at all.
  const own = job ? await countBulkJobItems(ctx.db, job.id) : []
  const refused = own.find(({ outcome }) => outcome === 'failed')?.count ?? 0
  counts.failed += refused
  counts.total += refused
  const [row] = job ? [] : await listQueueRows(ctx.db, filter, now, { limit: 1, offset: 0 })
  const single = row?.action === 'publish' ? 'publish' : 'unpublish'
  const ends = deployments.map(({ finished_at }) => finished_at).filter((at) => at !== null)
  const finished_at = ends.length === deployments.length ? latest(ends) : null
  return {
    id: first.request_id,
    kind: job?.kind ?? (row?.one_shot ? single : 'deploy'),
    branch: filter.branch,
    release_id: row && !row.one_shot ? first.release_id : null,
    with_references: job?.with_references ?? false,
    locales: job?.locales ?? [],
    environment_ids: deployments.map(({ environment_id }) => environment_id),
    standing: standing === 'done' && refused > 0 ? 'partly' : standing,
    counts,
    requested_by: first.requested_by,
    created_at: first.requested_at,
    updated_at:
      finished_at ?? latest(deployments.map((one) => one.started_at ?? one.queued_at ?? one.requested_at)),
    finished_at,
    due_at: first.due_at,
  }
}

const ends: { [S in QueueStanding]?: 'done' | 'unchanged' | 'failed' | 'approvals' } = {
  done: 'done',
  succeeded: 'done',
  unchanged: 'unchanged',
  left: 'unchanged',
  awaiting_approval: 'approvals',
  failed: 'failed',
  rejected: 'failed',
  expired: 'failed',
  invalid: 'failed',
  canceled: 'failed',
}

function countsOf(rows: readonly { standing: QueueStanding; depth: number; count: number }[]): JobCounts {
  const counts: JobCounts = { done: 0, unchanged: 0, failed: 0, approvals: 0, total: 0, asked: 0 }
  for (const { standing, depth, count } of rows) {
    const end = ends[standing]
    if (end) counts[end] += count
    counts.total += count
    if (depth === 0) counts.asked += count
  }
  return counts
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())))
}
