import { DomainError } from '#domain/errors.ts'
import type { RunKind } from '#domain/run-lifecycle.ts'
import type { JsonObject } from '#store/columns.ts'
import { findEnvironment } from '#store/environment.ts'
import { insertRun, type RunRow } from '#store/run.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireRun, viewRun, type RunView } from './run-view.ts'

export interface RunRequest {
  project_id: string
  environment_id: string | null
  deployment_id?: string
  kind: RunKind
  executor: string
  /** How it is run; secrets are sealed. */
  settings: JsonObject
  input: JsonObject
  cause: RunRow['cause']
  reason?: string | undefined
}

/** Asks for an invocation of an executor that is no deployment. It starts at once. */
export async function requestRun(ctx: Context, request: RunRequest): Promise<RunView> {
  const { project_id, environment_id } = request
  authorize(ctx, 'run.request', { project_id, ...(environment_id ? { environment_id } : {}) })
  const id = await transact(ctx, (unit) => requestRunIn(ctx, unit, request))
  return viewRun(await requireRun(ctx.db, id))
}

/** Inside a caller's transaction; the caller authorises. Answers its id. */
async function requestRunIn(ctx: Context, unit: Unit, request: RunRequest): Promise<string> {
  const { deployment_id = null, reason = null, ...rest } = request
  const id = ctx.newId()
  await insertRun(unit.tx, {
    ...rest,
    id,
    deployment_id,
    reason,
    requested_by: authorIn(ctx),
    requested_by_token: ctx.principal?.token_id ?? null,
    requested_at: ctx.now(),
  })
  const { project_id, environment_id, kind, executor, cause } = request
  unit.record({
    kind: 'run.requested',
    project_id,
    environment_id,
    subject_id: id,
    reason,
    data: { kind, executor, cause },
  })
  unit.wake({ name: 'run-executor', data: { run_id: id } })
  return id
}

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
    throw new DomainError('invalid', {
      faults: [
        {
          field: 'environment',
          fault: 'invalid',
          detail: `deploys by ${executor}, which invokes nothing that could be tried out`,
        },
      ],
    })
  return requestRun(ctx, {
    ...{ project_id, environment_id, executor, reason },
    kind: 'check',
    settings: executor_settings,
    input: {},
    cause: 'request',
  })
}
