import { planDigest, type Change } from '#domain/plan.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { insertPlan } from '#store/plan.ts'
import { actorIn, type Context, type Unit } from '../context.ts'

export interface CallersEnd {
  id: string
  environment_id: string
  revision_id: string
  attempt: number
  from: DeploymentState
  to: 'succeeded' | 'failed' | 'canceled'
  changes: readonly Change[]
  failure?: { code: string; detail: string } | undefined
  uncertain: boolean
}

/** Stores the plan that a deployment without the engine carries out, in the transaction that ends it. */
export async function keepPlan(
  ctx: Context,
  { tx }: Unit,
  {
    id,
    environment_id,
    revision_id,
    changes,
  }: Pick<CallersEnd, 'id' | 'environment_id' | 'revision_id' | 'changes'>,
): Promise<string> {
  const plan_id = ctx.newId()
  const digest = planDigest(environment_id, changes)
  const made = { environment_id, revision_id, deployment_id: id, digest, changes, created_at: ctx.now() }
  await insertPlan(tx, { id: plan_id, ...made })
  return plan_id
}

/** Records the end of a deployment that no engine moved: results, what is live, state and event. */
export async function endInCaller(
  ctx: Context,
  { tx, wake }: Unit,
  plan_id: string,
  { id, attempt, from, to, changes, failure, uncertain }: CallersEnd,
): Promise<void> {
  const touched = changes.filter(({ action }) => action !== 'none').length
  const done = to === 'succeeded' ? touched : 0
  const outcome = {
    ...{ deployment_id: id, attempt, plan_id, from, to, faults: [], uncertain },
    failure_code: failure?.code ?? null,
    failure_detail: failure?.detail ?? null,
    counts: { done, unchanged: changes.length - touched, failed: 0, left: touched - done },
  }
  const stamp = { event_id: ctx.newId(), at: ctx.now(), actor: actorIn(ctx) }
  if (!(await recordOutcome(tx, outcome, stamp))) throw new Error(`deployment ${id} is not ${from}`)
  if (to === 'succeeded') wake({ name: 'promote', data: {} })
}
