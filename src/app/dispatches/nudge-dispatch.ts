import { hastenDispatches } from '#store/dispatch.ts'
import { asPrincipal, transact, type House } from '../context.ts'

/**
 * The outside said that something happened to what it was given, by what it calls it or by our own id: it is looked at now, and not when its turn
 * comes. Nothing that was said is believed, so that saying it twice, or wrongly, does no harm. Whether it is known here.
 */
export function nudgeDispatch(
  house: House,
  which: { executor: string; outside_id: string } | { dispatch_id: string },
): Promise<boolean> {
  const ctx = asPrincipal(house, null)
  return transact(ctx, async (unit) => {
    const hastened = await hastenDispatches(unit.tx, which, ctx.now())
    for (const { deployment_id, run_id } of hastened) {
      const data = run_id === null ? { deployment_id: deployment_id! } : { run_id }
      unit.wake({ name: 'run-executor', data })
    }
    return hastened.length > 0
  })
}
