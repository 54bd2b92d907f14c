import { lockDispatch } from '#store/dispatch.ts'
import { transact, type Context } from '../context.ts'
import { endWork, type End } from './end-work.ts'
import type { Taken } from './take-dispatch.ts'
import { lockWork } from './work.ts'

/**
 * Ends what was taken. False: it has ended meanwhile, or somebody else has it now, and nothing was written.
 */
export function finishDispatch(ctx: Context, { work, dispatch }: Taken, end: End): Promise<boolean> {
  return transact(ctx, async (unit) => {
    const now = await lockWork(unit.tx, work.subject)
    const held = await lockDispatch(unit.tx, dispatch.id)
    if (!now || now.attempt !== work.attempt || now.state === 'over' || held?.state === 'ended') return false
    return endWork(ctx, unit, now, dispatch, end)
  })
}
