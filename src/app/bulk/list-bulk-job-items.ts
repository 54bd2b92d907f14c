import {
  listBulkJobItems as itemRows,
  type BulkJobItemFilter,
  type BulkJobItemRow,
} from '#store/bulk-job-item.ts'
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

export interface JobItemPage {
  /** Of deployments that do its work: one for each item and environment. */
  rows: QueueRow[]
  /** Of the job itself, after those. */
  items: BulkJobItemRow[]
  total: number
}

/**
 * A page of a job's items. Of one that deployments do they tell what became of each, and the job what was not brought
 * to them at all. Throws `not_found`.
 */
export async function listBulkJobItems(ctx: Context, request: JobItemRequest): Promise<JobItemPage> {
  const { job_id, limit, offset } = request
  const { deploys } = await requireJob(ctx, request)
  const deployed = deploys ? await listDeployed(ctx, request) : { rows: [], total: 0 }
  const { rows } = deployed
  const rest = { limit: limit - rows.length, offset: Math.max(0, offset - deployed.total) }
  const own = await itemRows(ctx.db, job_id, narrowed(request, deploys), rest)
  return { rows, items: own.items, total: deployed.total + own.total }
}

function narrowed(
  { ended, kinds, assets, with_reached }: JobItemRequest,
  deploys: boolean,
): BulkJobItemFilter {
  const wanted = ended && (ended === 'well' ? ['done', 'unchanged'] : ['failed'])
  const outcomes = deploys ? ['failed'].filter((one) => wanted?.includes(one) ?? true) : wanted
  return {
    ...(outcomes && { outcomes }),
    ...(kinds && { kinds }),
    ...(assets === undefined ? {} : { assets }),
    asked_only: !with_reached,
  }
}

async function listDeployed(
  ctx: Context,
  request: JobItemRequest,
): Promise<{ rows: QueueRow[]; total: number }> {
  const { job_id, ended, kinds, assets, with_reached, limit, offset } = request
  const where: QueueCondition[] = []
  if (ended) where.push({ field: 'standing', among: ended === 'well' ? well : badly })
  if (kinds) where.push({ field: 'kind', among: kinds })
  if (assets !== undefined) where.push({ field: 'type', among: [assets ? 'asset' : 'entry'] })
  const filter = {
    ...queueInSight(ctx, request),
    ...{ request_id: job_id, items_only: true, asked_only: !with_reached },
    ...(where.length > 0 ? { where: { all: where } } : {}),
  }
  const now = ctx.now()
  const rows = await listQueueRows(ctx.db, filter, now, { limit, offset })
  return { rows, total: await countQueueRows(ctx.db, filter, now) }
}

const well = ['done', 'succeeded', 'unchanged']
const badly = ['failed', 'left', 'rejected', 'expired', 'invalid', 'canceled']
