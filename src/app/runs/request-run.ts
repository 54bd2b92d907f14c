import type { RunKind } from '#domain/run-lifecycle.ts'
import type { JsonObject } from '#store/columns.ts'
import { insertRun, type RunRow } from '#store/run.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireRun, viewRun, type RunView } from './run-view.ts'

export interface RunRequest {
  project_id: string
  environment_id: string | null
  deployment_id?: string
  candidate_id?: string
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
export async function requestRunIn(ctx: Context, unit: Unit, request: RunRequest): Promise<string> {
  const { deployment_id = null, candidate_id = null, reason = null, ...rest } = request
  const id = ctx.newId()
  await insertRun(unit.tx, {
    ...rest,
    id,
    deployment_id,
    candidate_id,
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
