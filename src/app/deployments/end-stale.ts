import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { transact, type Context } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import { stalePlan } from './stale-plan.ts'

/** Ends an applying deployment whose plan cannot be carried out any more. False: it was canceled or taken over meanwhile. */
export function endStale(ctx: Context, work: WorkInHand, plan_id: string, detail: string): Promise<boolean> {
  return transact(ctx, async (unit) => {
    if (!(await recordOutcome(unit.tx, stalePlan(work, plan_id, detail), stamp(ctx)))) return false
    await noteWhereLogged(ctx, unit, work.id, `failed: ${detail}`, { last: true })
    return true
  })
}
