import { countChanges } from '#domain/plan.ts'
import { recordOutcome, type OutcomeRecord } from '#store/deployment-outcome-write.ts'
import { markHandedOver } from '#store/deployment-step.ts'
import { unsettleState } from '#store/infra-settled.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import { beginLog } from '../logs/begin-log.ts'
import { countsOf } from '../logs/derive-lines.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { isStale, outcomeOf, stops } from './apply-plan.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import type { RecordedPlan } from './record-plan.ts'
import { stalePlan } from './stale-plan.ts'

/**
 * Gives an applying deployment to the job that acts outside, unless there is nothing to act on: a plan that is not true
 * any more, or one with faults where it stops at those. False: it was canceled or taken over meanwhile.
 */
export function handOver(ctx: Context, work: WorkInHand, plan: RecordedPlan): Promise<boolean> {
  return transact(ctx, async (unit) => {
    if (await isStale(unit.tx, work, plan)) return end(ctx, unit, stalePlan(work, plan.plan_id))
    if (stops(work) && plan.changes.some(({ fault }) => fault))
      return end(ctx, unit, outcomeOf(work, plan, []))
    if (!(await markHandedOver(unit.tx, work.id, work.attempt))) return false
    // Only what is made outside keeps something: nobody knows from here on what it leaves behind.
    if (plan.kept) await unsettleState(unit.tx, work.environment_id)
    await beginLog(ctx, unit, work.id)
    const subject = { deployment_id: work.id }
    if (!plan.approved || !plan.kept)
      await noteInLog(ctx, unit.tx, subject, `planned${countsOf(countChanges(plan.changes))}`)
    await noteInLog(ctx, unit.tx, subject, `applying, by ${work.executor}`)
    unit.wake({ name: 'run-executor', data: { deployment_id: work.id } })
    return true
  })
}

/** It ends before anything was begun. */
async function end(ctx: Context, unit: Unit, outcome: OutcomeRecord): Promise<boolean> {
  if (!(await recordOutcome(unit.tx, outcome, stamp(ctx)))) return false
  await noteWhereLogged(ctx, unit, outcome.deployment_id, `failed: ${outcome.failure_detail}`, { last: true })
  return true
}
