import { DomainError, invalidField } from '#domain/errors.ts'
import { findEnvironment } from '#store/environment.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requestRun } from './request-run.ts'
import type { RunView } from './run-view.ts'

/**
 * Tries out how an environment deploys: its executor is invoked as for a deployment, and told that this is a check.
 * Throws `not_found`, and `invalid` where nothing is invoked.
 */
export async function checkEnvironment(
  ctx: Context,
  { environment_id, reason }: { environment_id: string; reason?: string | undefined },
): Promise<RunView> {
  const environment = await findEnvironment(ctx.db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { project_id, executor, executor_settings } = environment
  authorize(ctx, 'run.request', { project_id, environment_id })
  if (Object.keys(executor_settings).length === 0)
    throw invalidField(
      'environment',
      'invalid',
      `deploys by ${executor}, which invokes nothing that could be tried out`,
    )
  return requestRun(ctx, {
    ...{ project_id, environment_id, executor, reason },
    kind: 'check',
    settings: executor_settings,
    input: {},
    cause: 'request',
  })
}
