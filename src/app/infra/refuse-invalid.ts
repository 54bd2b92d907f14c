import type { Finding } from '#domain/blueprint.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { findDeployment } from '#store/deployment.ts'
import type { Context, Unit } from '../context.ts'
import { viewDeploymentBy, type DeploymentView } from '../deployments/deployment-view.ts'

/** Ends a deployment before it began, in the transaction that made it: its blueprint has errors. */
export async function refuseInvalid(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id }: DeploymentView,
  error: Finding,
  count: number,
): Promise<DeploymentView> {
  const detail = sayFinding(error)
  const more = count > 1 ? ` (${count} errors in all)` : ''
  const failure = { code: 'blueprint_invalid', detail: `${detail}${more}` }
  await moveDeployment(unit.tx, { id, from: 'requested', to: 'invalid', at: ctx.now(), failure })
  const data = { code: failure.code, detail: failure.detail }
  unit.record({ kind: 'deployment.invalid', project_id, environment_id, subject_id: id, data })
  return viewDeploymentBy((await findDeployment(unit.tx, id))!, undefined)
}

/** `service/instances/api.json:12: spec.env.DB refers to nothing`. */
function sayFinding({ file, line, path, message }: Finding): string {
  const where = line === null ? file : `${file}:${line}`
  return `${where}: ${path === null ? '' : `${path} `}${message}`
}
