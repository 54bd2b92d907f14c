import { lockInfraState, unlocked, updateInfraState } from '#store/infra-state.ts'
import { transact } from '../context.ts'
import { readLockId } from './lock-info.ts'
import { allowState, holdsLock, type StateCaller } from './state-caller.ts'

/** `info`: of the lock that is held; null where none is, or none was named. */
export type UnlockOutcome =
  | { unlocked: true }
  | { unlocked: false; because: 'unnamed' | 'another'; info: string | null }

/**
 * Lets go of a lock, named by its LockInfo. What names none unlocks nothing: that is how `terraform force-unlock` asks,
 * whatever id it was given. A lock that is not there any more is let go of already. Throws `forbidden`.
 */
export async function unlockState(caller: StateCaller, info: string): Promise<UnlockOutcome> {
  const { ctx, environment } = caller
  const lock_id = readLockId(info)
  return transact(ctx, async ({ tx }): Promise<UnlockOutcome> => {
    await allowState(tx, caller, 'state.write', true)
    const row = await lockInfraState(tx, environment.id, ctx.now())
    if (lock_id === undefined) return { unlocked: false, because: 'unnamed', info: row.lock_info }
    if (row.lock_id === null) return { unlocked: true }
    if (row.lock_id !== lock_id || !holdsLock(caller, row))
      return { unlocked: false, because: 'another', info: row.lock_info }
    await updateInfraState(tx, environment.id, unlocked)
    return { unlocked: true }
  })
}
