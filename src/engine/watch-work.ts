import type { Context } from '#app/context.ts'
import { bindDispatch, keepProgress, openCallbackToken } from '#app/dispatches/keep-dispatch.ts'
import type { Taken } from '#app/dispatches/take-dispatch.ts'
import { stateOfWork } from '#app/dispatches/watch-work.ts'
import type { StopReason, Tools } from '#executors/contract.ts'
import type { LogWriter } from './log-writer.ts'

export interface Watch {
  tools(log: LogWriter, office: { callbackUrl(dispatchId: string): string }): Tools
  /** Why it was stopped, if it was. */
  reason(): StopReason | undefined
  /** It has ended meanwhile: whoever has it outside said so before they answered. */
  isOver(): boolean
  stop(): void
}

const lookMs = 500
/** The most that a timer can count. */
const mostTimerMs = 2_147_483_647

/** Stops an executor when it was canceled, when its time is over, or when it is not ours any more. */
export function watchWork(ctx: Context, { work, dispatch, next }: Taken, held: AbortSignal): Watch {
  const stopping = new AbortController()
  const stop = (reason: StopReason) => stopping.abort(reason)
  const onHeld = () => stop(held.reason === 'stopping' ? 'stopping' : 'lost')
  held.addEventListener('abort', onHeld, { once: true })
  if (held.aborted) onHeld()

  // Whoever asks it to stop, or looks at it, does that to the end.
  const briefly = next === 'cancel' || next === 'look'
  const left = dispatch.deadline_at.getTime() - ctx.now().getTime()
  const late = setTimeout(() => briefly || stop('timed_out'), Math.min(Math.max(left, 0), mostTimerMs))
  let looking = false
  let over = false
  const look = setInterval(() => {
    if (looking || briefly) return
    looking = true
    stateOfWork(ctx, work.subject)
      .then((now) => {
        if (!now || now.attempt !== work.attempt) stop('lost')
        else if (now.state === 'canceling') stop('canceled')
        else if (now.state !== 'applying' && now.state !== 'running') {
          over = true
          stop('lost')
        }
      })
      // A store that does not answer says nothing about it: whether it is still ours, its job knows.
      .catch(() => undefined)
      .finally(() => (looking = false))
  }, lookMs)

  return {
    tools: (log, { callbackUrl }) => ({
      log: (stream, lines) => log.write(stream, lines),
      signal: stopping.signal,
      keep: (progress) => keepProgress(ctx, dispatch, progress),
      bind: (outside_id) => bindDispatch(ctx, dispatch, outside_id),
      openCallback: async () => ({
        url: callbackUrl(dispatch.id),
        token: await openCallbackToken(ctx, dispatch),
      }),
      now: () => ctx.now(),
    }),
    isOver: () => over,
    reason: () => stopping.signal.reason as StopReason | undefined,
    stop() {
      clearTimeout(late)
      clearInterval(look)
      held.removeEventListener('abort', onHeld)
    },
  }
}
