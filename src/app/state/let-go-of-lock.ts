import { findInfraState, lockInfraState, unlocked, updateInfraState } from '#store/infra-state.ts'
import { listLeftLocks } from '#store/state-attempt.ts'
import { asPrincipal, transact, type Context, type House } from '../context.ts'
import { attemptIn, isOf, type StateSubject } from './state-caller.ts'

/**
 * Lets go of what this deployment or run holds at this attempt or an earlier one: when an attempt begins, and when it
 * ends. What anybody else holds stays. False: it held nothing. For Headgate itself.
 */
export async function letGoOfLock(
  house: House,
  environment_id: string,
  subject: StateSubject,
  attempt: number,
): Promise<boolean> {
  const seen = await findInfraState(house.db, environment_id)
  if (!seen || !isOf(subject, seen)) return false
  return transact(asPrincipal(house, null), async ({ tx }) => {
    const row = await lockInfraState(tx, environment_id, house.now())
    if (!isOf(subject, row) || (row.lock_attempt ?? 0) > attempt) return false
    await updateInfraState(tx, environment_id, unlocked)
    return true
  })
}

/** How many are let go of at once. */
const most = 100

/** Lets go of what deployments and runs hold that have ended, however they ended. Answers how many. */
export async function letGoOfLeftLocks(ctx: Context): Promise<number> {
  let count = 0
  for (const { environment_id } of await listLeftLocks(ctx.db, most)) {
    const row = await findInfraState(ctx.db, environment_id)
    const holder = row && attemptIn(row)
    if (holder && (await letGoOfLock(ctx, environment_id, holder.subject, holder.attempt))) count += 1
  }
  return count
}
