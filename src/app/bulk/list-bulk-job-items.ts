import { listBulkJobItems as rows, type BulkJobItemRow } from '#store/bulk-job-item.ts'
import { countQueueRows, listQueueRows, type QueueCondition, type QueueRow } from '#store/publish-queue.ts'
import type { Context } from '../context.ts'
import { queueInSight } from '../publish-queue/queue-in-sight.ts'
import { requireJob, type JobName } from './get-bulk-job.ts'

export type { BulkJobItemRow } from '#store/bulk-job-item.ts'

export interface JobItemRequest extends JobName {
  /** How it came out: what was not done because it was so already counts as done. */
  ended?: 'well' | 'badly' | undefined
  kinds?: readonly string[] | undefined
  assets?: boolean | undefined
  /** What was reached by references as well. */
  with_reached: boolean
  limit: number
  offset: number
}

/** A page of a job's items: where deployments do its work one for each environment. Throws `not_found`. */
export type JobItemPage = { total: number } & (
  | { deploys: true; rows: QueueRow[] }
  | { deploys: false; items: BulkJobItemRow[] }
)

export async function listBulkJobItems(ctx: Context, request: JobItemRequest): Promise<JobItemPage> {
  const { job_id, ended, kinds, assets, with_reached, limit, offset } = request
  const { deploys } = await requireJob(ctx, request)
  const asked_only = !with_reached
  if (!deploys) {
    const outcomes = ended && { outcomes: ended === 'well' ? ['done', 'unchanged'] : ['failed'] }
    const narrow = { ...outcomes, ...(kinds && { kinds }), ...(assets === undefined ? {} : { assets }) }
    const { items, total } = await rows(ctx.db, job_id, { ...narrow, asked_only }, { limit, offset })
    return { deploys, items, total }
  }
  const where: QueueCondition[] = []
  if (ended) where.push({ field: 'standing', among: ended === 'well' ? well : badly })
  if (kinds) where.push({ field: 'kind', among: kinds })
  if (assets !== undefined) where.push({ field: 'type', among: [assets ? 'asset' : 'entry'] })
  const filter = { ...queueInSight(ctx, request), request_id: job_id, items_only: true, asked_only }
  const narrowed = where.length > 0 ? { ...filter, where: { all: where } } : filter
  const now = ctx.now()
  const found = await listQueueRows(ctx.db, narrowed, now, { limit, offset })
  return { deploys, rows: found, total: await countQueueRows(ctx.db, narrowed, now) }
}

const well = ['done', 'succeeded', 'unchanged']
const badly = ['failed', 'left', 'rejected', 'expired', 'invalid', 'canceled']
