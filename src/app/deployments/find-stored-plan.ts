import type { Change } from '#domain/plan.ts'
import type { JsonObject } from '#store/columns.ts'
import { findPlan } from '#store/plan.ts'
import { listStaleKeys } from '#store/plan-staleness.ts'
import type { Context } from '../context.ts'
import type { WorkInHand } from './claim-deployment.ts'

export interface StoredPlan {
  digest: string
  changes: readonly Change[]
  kept: JsonObject | null
  needs_approval: string | undefined
  /** Why it is not true any more of what is live. */
  stale: string | undefined
}

/** The plan that a deployment has to apply as it is. */
export async function findStoredPlan(ctx: Context, work: WorkInHand, plan_id: string): Promise<StoredPlan> {
  const [plan, stale] = await Promise.all([
    findPlan(ctx.db, plan_id),
    listStaleKeys(ctx.db, plan_id, work.environment_id),
  ])
  if (!plan) throw new Error(`deployment ${work.id} deploys a plan that is not there`)
  const { digest, changes, kept, approvals_needed, approval_reason } = plan
  return {
    ...{ digest, changes, kept },
    needs_approval: approvals_needed > 0 ? (approval_reason ?? '') : undefined,
    stale:
      stale.length === 0
        ? undefined
        : `What is live has changed since the plan was made (${stale.slice(0, 3).join(', ')}); nothing was changed. Plan it anew.`,
  }
}
