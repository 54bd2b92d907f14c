import { DomainError } from '#domain/errors.ts'
import { findQueueRow } from '#store/publish-queue.ts'
import type { Context } from '../context.ts'
import { explainRows, type QueueView } from './explain-rows.ts'
import { queueInSight } from './queue-in-sight.ts'

export interface QueueRowName {
  project_id: string
  branch: string
  /** Of the deployment, and of the item in it; 0 is the release as a whole. */
  number: number
  position: number
}

/** One row of the publish queue. Throws `not_found`, also for what the caller may not see. */
export async function getQueueRow(ctx: Context, name: QueueRowName): Promise<QueueView> {
  const { environment_ids, ...filter } = queueInSight(ctx, name)
  const { number, position } = name
  const row = await findQueueRow(ctx.db, { ...filter, number, position }, ctx.now())
  const seen =
    row &&
    (row.branch ?? name.branch) === name.branch &&
    (environment_ids?.includes(row.environment_id) ?? true)
  if (!seen) throw new DomainError('not_found', { what: 'item', id: `${number}/${position}` })
  const [view] = await explainRows(ctx, [row])
  return view!
}
