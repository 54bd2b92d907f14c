import { DomainError } from '#domain/errors.ts'
import type { JsonObject } from '#store/columns.ts'
import { updateEnvironment } from '#store/environment.ts'
import { authorize } from '../authorize.ts'
import { authorIn, type Context, type Unit } from '../context.ts'

export interface Deployer {
  project_id: string
  environment_id: string
  executor: string
  /** What it needs, secrets sealed. */
  settings: JsonObject
}

/** Says how an environment deploys: only headgate.yaml does. A deployment under way goes on as it began. */
export async function setDeployerIn(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id, executor, settings }: Deployer,
): Promise<void> {
  authorize(ctx, 'environment.admin', { project_id })
  const row = await updateEnvironment(unit.tx, environment_id, {
    executor,
    executor_settings: JSON.stringify(settings),
    updated_by: authorIn(ctx),
    updated_at: ctx.now(),
  })
  if (!row) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const data = { name: row.name, executor }
  unit.record({ kind: 'environment.updated', project_id, environment_id, data })
}
