import type { Context } from '#app/context.ts'
import { bindDispatch, keepProgress, openCallbackToken } from '#app/dispatches/keep-dispatch.ts'
import type { Taken } from '#app/dispatches/take-dispatch.ts'
import type { Tools } from '#executors/contract.ts'
import { keepWatch, type Vigil } from './keep-watch.ts'
import type { LogWriter } from './log-writer.ts'

export interface Watch extends Vigil {
  tools(log: LogWriter, office: { callbackUrl(dispatchId: string): string }): Tools
}

/** Stops an executor when it was canceled, when its time is over, or when it is not ours any more. */
export function watchWork(ctx: Context, { work, dispatch, next }: Taken, held: AbortSignal): Watch {
  const { subject, attempt } = work
  const { deadline_at } = dispatch
  // Whoever asks it to stop, or looks at it, does that to the end.
  const briefly = next === 'cancel' || next === 'look'
  const states = ['applying', 'running']
  const vigil = keepWatch(ctx, { subject, attempt, states, deadline_at, briefly }, held)
  return {
    ...vigil,
    tools: (log, { callbackUrl }) => ({
      log: (stream, lines) => log.write(stream, lines),
      signal: vigil.signal,
      keep: (progress) => keepProgress(ctx, dispatch, progress),
      bind: (outside_id) => bindDispatch(ctx, dispatch, outside_id),
      openCallback: async () => ({
        url: callbackUrl(dispatch.id),
        token: await openCallbackToken(ctx, dispatch),
      }),
      now: () => ctx.now(),
    }),
  }
}
