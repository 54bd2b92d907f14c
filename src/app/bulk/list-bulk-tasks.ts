import { queueDays } from '#domain/bulk-job.ts'
import { firstIdSince } from '#domain/ids.ts'
import {
  listBulkTasks as rows,
  type BulkTaskFilter,
  type BulkTaskOrder,
  type BulkTaskRow,
} from '#store/bulk-task.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { daysBefore } from '../retention/policy.ts'

export { bulkTaskOrders, type BulkTaskOrder, type BulkTaskRow } from '#store/bulk-task.ts'

export interface BulkTaskRequest extends Omit<BulkTaskFilter, 'since_id'> {
  limit: number
  offset: number
  order?: { field: BulkTaskOrder; direction: 'asc' | 'desc' } | undefined
  with_total: boolean
}

/** The items of all jobs of the last 30 days, those of the newest first. */
export async function listBulkTasks(
  ctx: Context,
  { limit, offset, order, with_total, ...filter }: BulkTaskRequest,
): Promise<{ items: BulkTaskRow[]; total?: number }> {
  const { project_id, branch } = filter
  authorize(ctx, 'release.read', { project_id, branch })
  const since_id = firstIdSince(daysBefore(ctx.now(), queueDays))
  return rows(ctx.db, { ...filter, since_id }, { limit, offset, order, with_total })
}
