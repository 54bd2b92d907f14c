import { listDueDispatches } from '#store/dispatch.ts'
import { listOpenRuns } from '#store/run.ts'
import { transact, type Context } from '../context.ts'

const most = 500

/** Wakes the engine for whatever waits outside and is due: to be tried again, or given up. For Headgate itself. */
export async function lookAfterDispatches(ctx: Context): Promise<void> {
  const due = await listDueDispatches(ctx.db, ctx.now(), most)
  if (due.length === 0) return
  await transact(ctx, async (unit) => {
    for (const { deployment_id, run_id } of due) {
      const data = run_id === null ? { deployment_id: deployment_id! } : { run_id }
      unit.wake({ name: 'run-executor', data })
    }
  })
}

/** Wakes the engine for every run that has not ended: what a process before this one left undone. */
export function wakeOpenRuns(ctx: Context): Promise<void> {
  return transact(ctx, async (unit) => {
    for (const run_id of await listOpenRuns(unit.tx)) unit.wake({ name: 'run-executor', data: { run_id } })
  })
}
