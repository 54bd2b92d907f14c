import { lockActive } from '#store/environment-history.ts'
import type { Context, Unit } from '../context.ts'
import { cancelDeploymentIn } from './cancel-deployment.ts'
import { takeDown } from './report-deployment.ts'

/**
 * Cancels all that is not over in an environment, inside a caller's transaction; the caller authorises. What is being
 * applied is asked to stop; what somebody does by their own means counts as canceled until they say otherwise.
 */
export async function cancelActiveIn(
  ctx: Context,
  unit: Unit,
  environment_id: string,
  reason: string,
): Promise<void> {
  for (const row of await lockActive(unit.tx, environment_id)) {
    if (row.driver === 'caller') await takeDown(ctx, unit, row, 'canceled', reason)
    else if (row.state !== 'canceling') await cancelDeploymentIn(ctx, unit, row, reason)
  }
}
