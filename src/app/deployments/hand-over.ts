import { countChanges } from '#domain/plan.ts'
import { findDeployment } from '#store/deployment.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { markHandedOver } from '#store/deployment-step.ts'
import { findLog } from '#store/log.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { appendLog, noteInLog } from '../logs/append-log.ts'
import { countsOf, deriveLines } from '../logs/derive-lines.ts'
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
    if (await isStale(unit.tx, work, plan))
      return recordOutcome(unit.tx, stalePlan(work, plan.plan_id), stamp(ctx))
    if (stops(work) && plan.changes.some(({ fault }) => fault))
      return recordOutcome(unit.tx, outcomeOf(work, plan, []), stamp(ctx))
    if (!(await markHandedOver(unit.tx, work.id, work.attempt))) return false
    await beginLog(ctx, unit, work, plan)
    unit.wake({ name: 'run-executor', data: { deployment_id: work.id } })
    return true
  })
}

/** From here on its log has lines of its own; they come after those that its row told so far. */
async function beginLog(
  ctx: Context,
  unit: Unit,
  work: WorkInHand,
  { changes }: RecordedPlan,
): Promise<void> {
  const subject = { deployment_id: work.id }
  const row = (await findLog(unit.tx, work.id)) ? undefined : await findDeployment(unit.tx, work.id)
  if (row) await appendLog(ctx, unit.tx, subject, deriveLines(row))
  await noteInLog(ctx, unit.tx, subject, `planned${countsOf(countChanges(changes))}`)
  await noteInLog(ctx, unit.tx, subject, `applying, by ${work.executor}`)
}
