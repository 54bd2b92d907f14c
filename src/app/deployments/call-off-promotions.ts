import { listFollowing, markPromoted } from '#store/deployment-automatic.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import type { Context, Unit } from '../context.ts'
import { cancelDeploymentIn } from './cancel-deployment.ts'

/**
 * What is rolled back goes no further by itself: what waits to be taken on to the environments after it is canceled, and
 * what was to be is not. Inside the rollback's transaction; the caller authorises. What runs there already is people's.
 */
export async function callOffPromotions(
  ctx: Context,
  unit: Unit,
  { id, environment_id, environment_name, revision_id }: NamedDeployment,
): Promise<void> {
  await markPromoted(unit.tx, id)
  for (const following of await listFollowing(unit.tx, environment_id, revision_id))
    await cancelDeploymentIn(ctx, unit, following, `It was rolled back from in ${environment_name}.`)
}
