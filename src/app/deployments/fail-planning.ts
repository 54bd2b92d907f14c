import { countChanges, planDigest, type Change } from '#domain/plan.ts'
import type { Context } from '../context.ts'
import type { WorkInHand } from './claim-deployment.ts'
import { failPlan, type PlanFailure } from './fail-plan.ts'
import type { RecordedPlan } from './record-plan.ts'

/**
 * Ends a deployment that could not be planned, with an empty plan, or that cannot carry out the stored one, with that one.
 * Undefined: it was canceled or taken over meanwhile.
 */
export async function failPlanning(
  ctx: Context,
  work: WorkInHand,
  failure: PlanFailure,
  stored?: { digest: string; changes: readonly Change[] },
): Promise<RecordedPlan | undefined> {
  const changes = stored?.changes ?? []
  const plan_id = (stored && work.deploys_plan) ?? ctx.newId()
  const to = await failPlan(
    ctx,
    work,
    {
      ...{ deployment_id: work.id, attempt: work.attempt, plan_id, changes },
      stored: stored !== undefined,
      digest: stored?.digest ?? planDigest(work.environment_id, changes),
      counts: countChanges(changes),
    },
    failure,
  )
  return to && { plan_id, changes, to }
}
