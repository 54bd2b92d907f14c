import type { Context } from '#app/context.ts'
import { stateOfWork } from '#app/dispatches/watch-work.ts'
import type { StopReason } from '#executors/contract.ts'

export interface Watched {
  subject: Parameters<typeof stateOfWork>[1]
  attempt: number
  /** In which states it is at work. */
  states: readonly string[]
  deadline_at: Date
  /** It is done to its end, whatever the time and whoever asks it to stop. */
  briefly?: boolean
}

export interface Vigil {
  /** Its reason is a StopReason. */
  signal: AbortSignal
  /** Why it was stopped, if it was. */
  reason(): StopReason | undefined
  /** It has ended meanwhile: whoever has it outside said so before they answered. */
  isOver(): boolean
  stop(): void
}

const lookMs = 500
/** The most that a timer can count. */
const mostTimerMs = 2_147_483_647

/** Looks whether what is at work was canceled, whether its time is over, and whether it is ours still. */
export function keepWatch(ctx: Context, watched: Watched, held: AbortSignal): Vigil {
  const { subject, attempt, states, deadline_at, briefly = false } = watched
  const stopping = new AbortController()
  const stop = (reason: StopReason) => stopping.abort(reason)
  const onHeld = () => stop(held.reason === 'stopping' ? 'stopping' : 'lost')
  held.addEventListener('abort', onHeld, { once: true })
  if (held.aborted) onHeld()

  const left = deadline_at.getTime() - ctx.now().getTime()
  const late = setTimeout(() => briefly || stop('timed_out'), Math.min(Math.max(left, 0), mostTimerMs))
  let looking = false
  let over = false
  const look = setInterval(() => {
    if (looking || briefly) return
    looking = true
    stateOfWork(ctx, subject)
      .then((now) => {
        if (!now || now.attempt !== attempt) stop('lost')
        else if (now.state === 'canceling') stop('canceled')
        else if (!states.includes(now.state)) {
          over = true
          stop('lost')
        }
      })
      // A store that does not answer says nothing about it: whether it is still ours, its job knows.
      .catch(() => undefined)
      .finally(() => (looking = false))
  }, lookMs)

  return {
    signal: stopping.signal,
    isOver: () => over,
    reason: () => stopping.signal.reason as StopReason | undefined,
    stop() {
      clearTimeout(late)
      clearInterval(look)
      held.removeEventListener('abort', onHeld)
    },
  }
}
