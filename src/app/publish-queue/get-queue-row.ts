import { DomainError } from '#domain/errors.ts'
import { findQueueRow, type QueueRow } from '#store/publish-queue.ts'
import type { Context } from '../context.ts'
import { queueInSight } from './queue-in-sight.ts'

export interface QueueRowName {
  project_id: string
  branch: string
  /** Of the deployment, and of the item in it; 0 is the release as a whole. */
  number: number
  position: number
}

/** One row of the publish queue. Throws `not_found`, also for what the caller may not see. */
export async function getQueueRow(ctx: Context, name: QueueRowName): Promise<QueueRow> {
  const { environment_ids, ...filter } = queueInSight(ctx, name)
  const { number, position } = name
  const row = await findQueueRow(ctx.db, { ...filter, number, position }, ctx.now())
  const seen =
    row &&
    (row.branch ?? name.branch) === name.branch &&
    (environment_ids?.includes(row.environment_id) ?? true)
  if (seen) return row
  throw new DomainError('not_found', { what: 'item', id: `${number}/${position}` })
}
