import { DomainError } from '#domain/errors.ts'
import { liftFreeze as lift, type FreezeRow } from '#store/freeze.ts'
import { authorizeNamed } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireFreeze, viewFreeze, type FreezeView } from './freeze-view.ts'

/**
 * Ends a freeze for good, and lets go on what waited for it. One that the configuration declares comes back when the
 * file is applied next. Throws `not_found`, `not_possible_now` where it was lifted before.
 */
export async function liftFreeze(
  ctx: Context,
  { project_id, freeze_id, reason }: { project_id: string; freeze_id: string; reason: string },
): Promise<FreezeView> {
  const freeze = await requireFreeze(ctx.db, freeze_id)
  const named = { what: 'freeze' as const, id: freeze_id }
  if (freeze.project_id !== project_id) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'freeze.lift', placeOfFreeze(freeze), named)
  // A token that is bound to environments does not let go all of a project.
  if (freeze.environment_id === null && ctx.principal?.environment_ids)
    throw new DomainError('forbidden', {
      action: 'freeze.lift',
      detail: `${ctx.principal.name} is bound to environments, and this stops all of the project.`,
    })
  return transact(ctx, async (unit) => {
    await liftFreezeIn(ctx, unit, freeze, reason)
    return viewFreeze(await requireFreeze(unit.tx, freeze_id), ctx.now())
  })
}

export function placeOfFreeze({
  project_id,
  environment_id,
}: Pick<FreezeRow, 'project_id' | 'environment_id'>) {
  return environment_id === null ? { project_id } : { project_id, environment_id }
}

/** Inside a caller's transaction; the caller authorises. */
export async function liftFreezeIn(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id, name }: FreezeRow,
  reason: string,
): Promise<void> {
  const lifted = { lifted_at: ctx.now(), lifted_by: authorIn(ctx), lift_reason: reason }
  if (!(await lift(unit.tx, id, lifted)))
    throw new DomainError('not_possible_now', { what: 'freeze', id, state: 'lifted', action: 'be lifted' })
  const about = { project_id, environment_id, subject_id: id, reason }
  unit.record({ kind: 'freeze.lifted', ...about, data: { name } })
  unit.wake({ name: 'admit-deployments', data: {} })
}
