import { DomainError, invalidField } from '#domain/errors.ts'
import { lockInfraState, unlocked, updateInfraState } from '#store/infra-state.ts'
import { isAtWork } from '#store/state-attempt.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'
import { describeLock } from './lock-info.ts'
import { attemptIn } from './state-caller.ts'

/**
 * Lets go of a lock that its holder left, by its id: whoever asks has seen which one it is. Throws `invalid` where
 * another one is held, or none; `not_possible_now` while a deployment or run of ours is at work under it.
 */
export async function forceUnlock(
  ctx: Context,
  {
    project_id,
    environment_id,
    lock_id,
    reason = null,
  }: { project_id: string; environment_id: string; lock_id: string; reason?: string | null },
): Promise<void> {
  authorize(ctx, 'state.unlock', { project_id, environment_id })
  await getEnvironment(ctx, { project_id, environment_id })
  await transact(ctx, async ({ tx, record }) => {
    const row = await lockInfraState(tx, environment_id, ctx.now())
    if (row.lock_id === null)
      throw invalidField('lock_id', 'invalid', 'names nothing: the state is not locked')
    if (row.lock_id !== lock_id)
      throw invalidField(
        'lock_id',
        'invalid',
        `is not the id of the lock that is held: that is ${row.lock_id}`,
      )
    const holder = attemptIn(row)
    if (holder && (await isAtWork(tx, holder))) {
      const state = `locked by a ${holder.subject.kind} that is at work`
      throw new DomainError('not_possible_now', { what: 'state', id: lock_id, state, action: 'unlock' })
    }
    await updateInfraState(tx, environment_id, unlocked)
    const { who, operation } = describeLock(row.lock_info)
    record({
      ...{ kind: 'state.unlocked', project_id, environment_id, reason },
      data: { lock_id, who, operation },
    })
  })
}
