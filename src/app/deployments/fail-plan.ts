import { recordPlan, type PlanRecord } from '#store/deployment-plan-write.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { findDispatch } from '#store/dispatch.ts'
import { transact, type Context } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'

export interface PlanFailure {
  failure_code: string
  failure_detail: string
}

/**
 * Ends a deployment with its plan: planned and failed at once, since a process that died in between would leave what was
 * never touched in doubt. What an earlier attempt had begun stays in doubt. Undefined: it is not ours any more.
 */
export function failPlan(
  ctx: Context,
  work: Pick<WorkInHand, 'id' | 'attempt'>,
  plan: Omit<PlanRecord, 'to' | 'cleared'>,
  { failure_code, failure_detail }: PlanFailure,
): Promise<'failed' | undefined> {
  return transact(ctx, async (unit) => {
    const begun = work.attempt > 1 && (await findDispatch(unit.tx, { deployment_id: work.id })) !== undefined
    if (!(await recordPlan(unit.tx, { ...plan, to: 'applying', cleared: true }, stamp(ctx)))) return undefined
    const detail = begun
      ? `${failure_detail} An earlier attempt had begun: what it was to change is uncertain.`
      : failure_detail
    const outcome = {
      ...{ deployment_id: work.id, attempt: work.attempt, plan_id: plan.plan_id, to: 'failed' as const },
      ...{ faults: [], uncertain: begun, failure_code, failure_detail: detail, counts: {} },
    }
    if (!(await recordOutcome(unit.tx, outcome, stamp(ctx)))) return undefined
    await noteWhereLogged(ctx, unit, work.id, `failed: ${detail}`, { last: true })
    return 'failed'
  })
}
