import { DomainError } from '#domain/errors.ts'
import { listOpenHolds, lockOpenHold, updateHold, type NamedHold } from '#store/hold.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'

/** Lets automation and the revisions that were rolled back from in again. Throws `not_found` where nothing holds it. */
export async function releaseHold(
  ctx: Context,
  { project_id, environment_id, reason }: { project_id: string; environment_id: string; reason: string },
): Promise<NamedHold> {
  authorize(ctx, 'hold.release', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    await lockOpenHold(unit.tx, environment_id)
    const [hold] = await listOpenHolds(unit.tx, [environment_id])
    if (!hold) throw new DomainError('not_found', { what: 'hold', id: 'on this environment' })
    const released = { released_at: ctx.now(), released_by: authorIn(ctx), release_reason: reason }
    await updateHold(unit.tx, hold.id, released)
    const { id: subject_id, revision_ids } = hold
    unit.record({
      kind: 'hold.released',
      ...{ project_id, environment_id, subject_id, reason },
      data: { revision_ids },
    })
    unit.wake({ name: 'admit-deployments', data: {} })
    return { ...hold, ...released }
  })
}
