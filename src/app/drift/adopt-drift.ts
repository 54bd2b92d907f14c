import { DomainError } from '#domain/errors.ts'
import { findDriftGround } from '#store/drift.ts'
import { lockInfraEnvironment } from '#store/infra-environment.ts'
import { transact, type Context } from '../context.ts'
import { requireRun, viewRun, type RunView } from '../runs/run-view.ts'
import { requestDriftRunIn } from './check-drift.ts'
import { requireDriftPlace, requireLookingExecutor } from './drift-place.ts'

/**
 * Takes what is really there for what was left: the state is written anew from it, and nothing else changes. What the
 * blueprint says otherwise, the next release puts back. Throws `not_found`, `invalid`, and `not_possible_now` while a
 * deployment or another look is at it.
 */
export async function adoptDrift(
  ctx: Context,
  { environment_id, reason }: { environment_id: string; reason?: string | undefined },
): Promise<RunView> {
  const environment = await requireDriftPlace(ctx, ctx.db, environment_id, 'deployment.request')
  requireLookingExecutor(environment)
  const id = await transact(ctx, async (unit) => {
    await lockInfraEnvironment(unit.tx, environment_id)
    const { run_id, planning, applying, state_version } = await findDriftGround(unit.tx, environment_id)
    const refuse = (state: string) =>
      new DomainError('not_possible_now', { what: 'environment', id: environment_id, state, action: 'adopt' })
    if (state_version === null) throw refuse('without a state')
    if (planning || applying) throw refuse('being deployed to')
    if (run_id) throw refuse('being looked at for drift')
    return requestDriftRunIn(ctx, unit, environment, { reason, cause: 'request', adopt: true })
  })
  return viewRun(await requireRun(ctx.db, id))
}
