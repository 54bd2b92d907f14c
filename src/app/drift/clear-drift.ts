import { findDeployment } from '#store/deployment.ts'
import { findDriftGround, findSaidDrift } from '#store/drift.ts'
import { lockInfraEnvironment } from '#store/infra-environment.ts'
import type { Context, Unit } from '../context.ts'
import { recordDriftIn } from './record-drift.ts'

/**
 * A release that looked at what is really there, and succeeded, has put back what had drifted of its items: nobody has
 * to look once more to know. In the transaction that ends it.
 */
export async function clearDriftIn(
  ctx: Context,
  unit: Unit,
  { environment_id, deployment_id }: { environment_id: string; deployment_id: string },
): Promise<void> {
  const before = await findSaidDrift(unit.tx, environment_id)
  if (!before || before.items.length === 0) return
  const deployment = await findDeployment(unit.tx, deployment_id)
  if (!deployment?.refresh) return
  const selected = deployment.selected_keys && new Set(deployment.selected_keys)
  const things = selected ? before.items.filter(({ item_key }) => !selected.has(item_key)) : []
  if (things.length === before.items.length) return
  await lockInfraEnvironment(unit.tx, environment_id)
  const { state_version } = await findDriftGround(unit.tx, environment_id)
  const { project_id } = deployment
  const where = { project_id, environment_id, deployment_id, state_version }
  await recordDriftIn(ctx, unit, { ...where, things, detail: 'A release put it back.' })
}
