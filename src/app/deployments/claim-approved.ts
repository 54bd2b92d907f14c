import { claimApproved as claim } from '#store/deployment-approved-write.ts'
import { listLiveForRevision } from '#store/live.ts'
import type { Context } from '../context.ts'
import { stamp, taskOf, type WorkInHand } from './claim-deployment.ts'
import type { RecordedPlan } from './record-plan.ts'

/** A deployment whose plan was approved, taken in hand to be applied; undefined where the environment has none. */
export async function claimApproved(
  ctx: Context,
  environmentId: string,
): Promise<{ work: WorkInHand; planned: RecordedPlan } | undefined> {
  const claimed = await claim(ctx.db, environmentId, stamp(ctx))
  if (!claimed) return undefined
  const { plan_id, changes, kept, ...deployment } = claimed
  const live = await listLiveForRevision(ctx.db, environmentId, deployment.revision_id, deployment.scope)
  return {
    work: { ...deployment, task: taskOf(deployment, live) },
    planned: { plan_id, changes, kept, to: 'applying', approved: true },
  }
}
