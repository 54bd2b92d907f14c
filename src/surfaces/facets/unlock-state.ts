import { currentUser } from '#app/identity/current-user.ts'
import { forceUnlock } from '#app/state/force-unlock.ts'
import { DomainError } from '#domain/errors.ts'
import type { Place } from './find-place.ts'
import type { Call } from './route.ts'
import type { DeploymentLog } from './wire/deployment.ts'

/**
 * Lets go of the lock of a cluster's state. Nothing is deployed, so that there is no log to come back to: what is
 * answered has no id. Throws `invalid` where another lock is held, or none; `not_possible_now`.
 */
export async function unlockState(
  { ctx }: Pick<Call, 'ctx'>,
  { project_id, environment_id }: Place,
  lock_id: string,
): Promise<DeploymentLog> {
  try {
    await forceUnlock(ctx, { project_id, environment_id, lock_id })
  } catch (error) {
    throw inOwnWords(error)
  }
  const { email } = await currentUser(ctx)
  const now = ctx.now().toISOString()
  return {
    ...{ releaseType: 'UNLOCK_STATE', status: 'SUCCEEDED', deploymentType: 'REGULAR' },
    ...{ createdOn: now, finishedOn: now, timeTakenInSeconds: 0 },
    description: `Released the lock ${lock_id}`,
    ...{ changesApplied: [], errorLogs: [], triggeredBy: email },
  }
}

function inOwnWords(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'invalid') return error
  const { faults } = (error as DomainError<'invalid'>).details
  return new DomainError('invalid', { faults: faults.map((fault) => ({ ...fault, field: 'lockId' })) })
}
