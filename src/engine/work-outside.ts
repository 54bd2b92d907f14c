import type { Context } from '#app/context.ts'
import { lookAfterDispatches, wakeOpenRuns } from '#app/dispatches/look-after-dispatches.ts'
import { packLog } from '#app/logs/pack-log.ts'
import type { Queue } from './queue.ts'
import type { Workshop } from './run-environment.ts'
import { runExecutor, type HoldPlace } from './run-executor.ts'

export interface Outside {
  /** Holds a place for this process alone. */
  hold: HoldPlace
  /** Where others reach us, without a slash at the end. */
  url: () => string
}

/** Takes the jobs of executors that act outside, and wakes whatever a process before this one left undone. */
export async function workOutside(
  ctx: Context,
  queue: Queue,
  workshop: Workshop,
  { hold, url }: Outside,
): Promise<void> {
  const callbackUrl = (id: string) => `${url()}/headgate/hooks/callbacks/${id}`
  const foreman = { ...workshop, hold, callbackUrl }
  queue.work('run-executor', (subject, signal) => runExecutor(ctx, foreman, subject, signal))
  queue.work('look-after-dispatches', () => lookAfterDispatches(ctx))
  queue.work('pack-log', ({ log_id }) => packLog(ctx, log_id))
  await wakeOpenRuns(ctx)
}
