import { findDriftGround } from '#store/drift.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { lockInfraEnvironment } from '#store/infra-environment.ts'
import type { RunRow } from '#store/run.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { requestRunIn } from '../runs/request-run.ts'
import { requireRun, viewRun, type RunView } from '../runs/run-view.ts'
import { requireDriftPlace, requireLookingExecutor } from './drift-place.ts'

/**
 * Looks whether an environment is as its state says: a run of kind `drift`, whose end is written down as a check. Where
 * one is under way, it is that one. Throws `not_found`, and `invalid` where nothing can drift.
 */
export async function checkDrift(
  ctx: Context,
  { environment_id, reason }: { environment_id: string; reason?: string | undefined },
): Promise<RunView> {
  const environment = await requireDriftPlace(ctx, ctx.db, environment_id, 'run.request')
  requireLookingExecutor(environment)
  const id = await transact(ctx, async (unit) => {
    await lockInfraEnvironment(unit.tx, environment_id)
    const { run_id } = await findDriftGround(unit.tx, environment_id)
    return run_id ?? requestDriftRunIn(ctx, unit, environment, { reason, cause: 'request' })
  })
  return viewRun(await requireRun(ctx.db, id))
}

/** In the caller's transaction; the caller authorises. Answers the run's id. */
export function requestDriftRunIn(
  ctx: Context,
  unit: Unit,
  { id: environment_id, project_id, executor, executor_settings }: EnvironmentRow,
  { adopt = false, ...why }: { cause: RunRow['cause']; reason?: string | undefined; adopt?: boolean },
): Promise<string> {
  return requestRunIn(ctx, unit, {
    ...{ project_id, environment_id, executor, kind: 'drift', settings: executor_settings },
    input: adopt ? { adopt } : {},
    ...why,
  })
}
