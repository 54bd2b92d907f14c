import { DomainError } from '#domain/errors.ts'
import { lockInfraState, updateInfraState, type InfraStateRow } from '#store/infra-state.ts'
import { isAtWork } from '#store/state-attempt.ts'
import { authorIn, transact, type Unit } from '../context.ts'
import { readLockId } from './lock-info.ts'
import { allowState, attemptIn, holdsLock, subjectIds, type StateCaller } from './state-caller.ts'

/** `info`: how whoever holds it described the lock, byte for byte. */
export type LockOutcome = { held: true } | { held: false; info: string }

/**
 * Takes the lock of a state, described by Terraform's LockInfo in JSON. Taken again by the same caller under the same id
 * it is his still: the answer to the first time may have been lost. What an attempt of ours left that is over is free
 * for the next attempt of ours, and for nobody else. Throws `malformed`, `forbidden`.
 */
export async function lockState(caller: StateCaller, info: string): Promise<LockOutcome> {
  const { ctx, environment, own } = caller
  const lock_id = readLockId(info)
  if (lock_id === undefined)
    throw new DomainError('malformed', { detail: 'A LockInfo has an ID, which is a text.' })
  return transact(ctx, async (unit) => {
    await allowState(unit.tx, caller, 'state.write', true)
    const row = await lockInfraState(unit.tx, environment.id, ctx.now())
    if (row.lock_id !== null) {
      if (row.lock_id === lock_id && holdsLock(caller, row)) return { held: true }
      if (own === null || !(await isLeft(unit, row))) return { held: false, info: row.lock_info ?? '{}' }
      recordTakenOver(unit, caller, row)
    }
    const { deployment_id, run_id } = subjectIds(own)
    await updateInfraState(unit.tx, environment.id, {
      ...{ lock_id, lock_info: info, locked_at: ctx.now() },
      lock_deployment_id: deployment_id,
      lock_run_id: run_id,
      lock_attempt: own?.attempt ?? null,
      lock_user_id: own ? null : authorIn(ctx),
    })
    return { held: true }
  })
}

/** Whether an attempt of ours holds it that is over. */
async function isLeft({ tx }: Unit, row: InfraStateRow): Promise<boolean> {
  const holder = attemptIn(row)
  return holder !== undefined && !(await isAtWork(tx, holder))
}

function recordTakenOver({ record }: Unit, { environment }: StateCaller, row: InfraStateRow): void {
  const { lock_id, lock_deployment_id: deployment_id, lock_run_id: run_id, lock_attempt: attempt } = row
  record({
    kind: 'state.unlocked',
    project_id: environment.project_id,
    environment_id: environment.id,
    reason: 'The attempt that held it is over.',
    data: { lock_id, deployment_id, run_id, attempt },
  })
}
