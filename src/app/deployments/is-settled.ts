import { planChanges } from '#domain/plan.ts'
import { isStateSettled } from '#store/infra-settled.ts'
import type { Context } from '../context.ts'
import type { WorkInHand } from './claim-deployment.ts'

/**
 * Whether there can be nothing to do, so that nobody has to be asked: all of the revision is live as it is pinned, nothing
 * else is, nothing is uncertain, and the state is the one that the newest deployment left. Never where it is forced, only to
 * be planned, or where what really is there is to be looked at.
 */
export async function isSettled(ctx: Context, { environment_id, scope, items, task, dry_run }: WorkInHand) {
  if (task.forced || task.refresh || dry_run || scope !== 'whole_state') return false
  const changes = planChanges({ scope, items, live: task.live, forced: false })
  return changes.every(({ action }) => action === 'none') && (await isStateSettled(ctx.db, environment_id))
}
