import type { Change } from '#domain/plan.ts'
import { planDigest } from '#domain/plan.ts'
import { findForPlanning } from '#store/deployment.ts'
import { listLiveForRevision } from '#store/live.ts'
import { insertPlanAhead } from '#store/plan.ts'
import type { Context } from '../context.ts'
import { taskOf, type WorkInHand } from './claim-deployment.ts'
import { settleChanges } from './settle-changes.ts'

/**
 * Plans a deployment that is still waiting for its time, to be looked at; it is planned again when its time comes.
 * Does nothing when it waits no longer, or when nobody can plan it.
 */
export async function planAhead(
  ctx: Context,
  deploymentId: string,
  plan: (executor: string, task: WorkInHand['task']) => Promise<readonly Change[] | undefined>,
): Promise<void> {
  const waiting = await findForPlanning(ctx.db, deploymentId)
  if (!waiting) return
  const { environment_id, revision_id, scope, executor } = waiting
  const live = await listLiveForRevision(ctx.db, environment_id, revision_id, scope)
  const planned = await plan(executor, taskOf(waiting, live))
  if (!planned) return
  const changes = await settleChanges(ctx.db, { ...waiting, live }, planned)
  await insertPlanAhead(ctx.db, {
    id: ctx.newId(),
    deployment_id: deploymentId,
    environment_id,
    revision_id,
    digest: planDigest(environment_id, changes),
    changes,
    created_at: ctx.now(),
  })
}
