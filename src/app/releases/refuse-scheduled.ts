import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { findScheduled } from '#store/release-deployment.ts'
import type { Context } from '../context.ts'

/**
 * For who wants a release that waits for its time left alone until it is unscheduled; the caller holds its row. Throws
 * `not_possible_now`.
 */
export async function refuseScheduled(
  ctx: Context,
  tx: Db,
  { id }: { id: string },
  action: 'deploy' | 'unlock',
): Promise<void> {
  if (await findScheduled(tx, id, ctx.now()))
    throw new DomainError('not_possible_now', { what: 'release', id, state: 'scheduled', action })
}
