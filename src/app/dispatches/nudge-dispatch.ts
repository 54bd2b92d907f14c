import { hastenDispatches } from '#store/dispatch.ts'
import { asPrincipal, transact, type House } from '../context.ts'

/**
 * The outside said that something happened to what it calls `outside_id`: it is looked at now, and not when its turn
 * comes. Nothing that was said is believed, so that saying it twice, or wrongly, does no harm. Whether it is known here.
 */
export function nudgeDispatch(
  house: House,
  { executor, outside_id }: { executor: string; outside_id: string },
): Promise<boolean> {
  const ctx = asPrincipal(house, null)
  return transact(ctx, async (unit) => {
    const hastened = await hastenDispatches(unit.tx, { executor, outside_id, at: ctx.now() })
    for (const { deployment_id, run_id } of hastened) {
      const data = run_id === null ? { deployment_id: deployment_id! } : { run_id }
      unit.wake({ name: 'run-executor', data })
    }
    return hastened.length > 0
  })
}
