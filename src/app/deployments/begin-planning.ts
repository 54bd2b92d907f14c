import { transact, type Context } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import { beginLog } from '../logs/begin-log.ts'
import type { WorkInHand } from './claim-deployment.ts'

/** Begins its log, since a plan that is made outside has something to say. */
export function beginPlanning(ctx: Context, { id, executor, attempt }: WorkInHand): Promise<void> {
  return transact(ctx, async (unit) => {
    await beginLog(ctx, unit, id)
    const again = attempt > 1 ? ` (attempt ${attempt})` : ''
    await noteInLog(ctx, unit.tx, { deployment_id: id }, `planning, by ${executor}${again}`)
  })
}
