import type { House } from '#app/context.ts'

export interface Alarm {
  /** To be woken at this moment of our clock. Later than the next regular look, it is left to that one. */
  set(at: Date): void
  stop(): void
}

/** Looks at the moment a gate opens, rather than with the next regular look. Nothing depends on it. */
export function openAlarm({ now }: Pick<House, 'now'>, regularMs: number, look: () => void): Alarm {
  let due = Infinity
  let timer: NodeJS.Timeout | undefined
  return {
    set(at) {
      const waitMs = Math.max(at.getTime() - now().getTime(), 0) + 1
      if (waitMs >= Math.min(regularMs, 86_400_000) || (timer && at.getTime() >= due)) return
      clearTimeout(timer)
      due = at.getTime()
      timer = setTimeout(() => {
        timer = undefined
        look()
      }, waitMs).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
