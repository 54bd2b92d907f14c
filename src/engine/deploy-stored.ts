import { BlobMissingError } from '#ground/blobs.ts'
import type { Context } from '#app/context.ts'
import type { WorkInHand } from '#app/deployments/claim-deployment.ts'
import { findStoredPlan, type StoredPlan } from '#app/deployments/find-stored-plan.ts'
import { failPlanning } from '#app/deployments/fail-planning.ts'
import { recordPlan, type RecordedPlan } from '#app/deployments/record-plan.ts'
import type { KeptPlan, OutsideExecutor } from '#executors/contract.ts'
import { taskOf } from './task-of.ts'

const gone =
  'What was kept of the plan is gone, so that it cannot be carried out; nothing was changed. Plan it anew.'
const nothingKept =
  'Nothing was kept of the plan that could be carried out; nothing was changed. Plan it anew.'
const stateMoved = 'Something was applied since the plan was made; nothing was changed. Plan it anew.'

/**
 * Takes a stored plan as it is, without planning anew: its changes, its effects and what was kept of it. It fails with
 * plan_stale, having changed nothing, where it cannot be carried out any more.
 */
export async function deployStored(
  ctx: Context,
  executor: OutsideExecutor,
  work: WorkInHand,
  planId: string,
): Promise<RecordedPlan | undefined> {
  const stored = await findStoredPlan(ctx, work, planId)
  const failure_detail = stored.stale ?? (await whyStale(ctx, executor, work, stored.kept))
  if (failure_detail !== undefined)
    return failPlanning(ctx, work, { failure_code: 'plan_stale', failure_detail }, stored)
  const { changes, kept, needs_approval } = stored
  return recordPlan(ctx, work, changes, { made: { effects: [], kept, needs_approval } })
}

/** Why what was kept of a plan cannot be carried out now; undefined where it can. */
export async function whyStale(
  ctx: Context,
  executor: OutsideExecutor,
  work: WorkInHand,
  kept: StoredPlan['kept'] | undefined,
): Promise<string | undefined> {
  if (!executor.isCurrent) return undefined
  if (!kept) return nothingKept
  if (typeof kept.blob === 'string' && !(await ctx.blobs.has(kept.blob))) return gone
  try {
    const current = await executor.isCurrent(taskOf(ctx, work), kept as KeptPlan)
    return current ? undefined : stateMoved
  } catch (error) {
    if (error instanceof BlobMissingError) return gone
    throw error
  }
}
