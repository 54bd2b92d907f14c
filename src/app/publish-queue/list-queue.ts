import { countQueueRows, listQueueRows, type QueueCondition, type QueuePage } from '#store/publish-queue.ts'
import type { Context } from '../context.ts'
import { explainRows, type QueueView } from './explain-rows.ts'
import { queueInSight } from './queue-in-sight.ts'

export type { QueueView } from './explain-rows.ts'
export type { QueueCondition, QueueField, QueueRow, QueueStanding } from '#store/publish-queue.ts'

export interface QueueRequest extends QueuePage {
  project_id: string
  branch: string
  /** Only what was asked for by this request. */
  request_id?: string | undefined
  where?: QueueCondition | undefined
  with_total?: boolean
}

/**
 * What was to be published in the last 30 days and what became of it, newest first: a row for each deployment of a
 * named release, followed by one for each of its items.
 */
export async function listQueue(
  ctx: Context,
  { project_id, branch, request_id, where, with_total, ...page }: QueueRequest,
): Promise<{ rows: QueueView[]; total?: number }> {
  const filter = { ...queueInSight(ctx, { project_id, branch }), request_id, where }
  const now = ctx.now()
  const found = page.limit === 0 ? [] : await listQueueRows(ctx.db, filter, now, page)
  const rows = await explainRows(ctx, found)
  return with_total ? { rows, total: await countQueueRows(ctx.db, filter, now) } : { rows }
}
