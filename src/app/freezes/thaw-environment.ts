import { DomainError } from '#domain/errors.ts'
import { findEnvironment } from '#store/environment.ts'
import { listFreezes } from '#store/freeze.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { liftFreezeIn } from './lift-freeze.ts'
import { viewFreeze } from './freeze-view.ts'

/** More emergency stops than anybody sets on one environment. */
const most = 1000

/**
 * Ends all emergency stops of one environment for good. Windows that recur stand, and so does what stops the whole
 * project: those are lifted one by one. Throws `not_found`, `not_possible_now` where there is none.
 */
export async function thawEnvironment(
  ctx: Context,
  { project_id, environment_id, reason }: { project_id: string; environment_id: string; reason: string },
): Promise<void> {
  authorize(ctx, 'freeze.lift', { project_id, environment_id })
  const environment = await findEnvironment(ctx.db, environment_id)
  if (environment?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  await transact(ctx, async (unit) => {
    const found = await listFreezes(unit.tx, { project_id, environment_id }, { limit: most })
    const stops = found.filter(
      (one) =>
        one.environment_id === environment_id &&
        one.kind === 'emergency' &&
        viewFreeze(one, ctx.now()).in_force,
    )
    if (stops.length === 0)
      throw new DomainError('not_possible_now', {
        ...{ what: 'environment', id: environment.name, action: 'be unfrozen' },
        state: 'under no emergency stop of its own',
      })
    for (const stop of stops) await liftFreezeIn(ctx, unit, stop, reason)
  })
}
