/** So many at once, and no more; whoever came first goes first. */
export interface Turns {
  /**
   * Waits for a turn and answers what gives it back. `waiting` is told how many are before it, where it has to wait.
   * Undefined: the signal came first.
   */
  take(signal: AbortSignal, waiting: (before: number) => Promise<void>): Promise<(() => void) | undefined>
}

export function openTurns(most: number): Turns {
  let running = 0
  const queue: (() => void)[] = []

  function giveBack(): void {
    const next = queue.shift()
    if (next) next()
    else running -= 1
  }
  const once = () => {
    let given = false
    return () => {
      if (!given) giveBack()
      given = true
    }
  }

  return {
    async take(signal, waiting) {
      if (signal.aborted) return undefined
      if (running < most) {
        running += 1
        return once()
      }
      const turn = Promise.withResolvers<boolean>()
      const come = () => turn.resolve(true)
      const leave = () => {
        const at = queue.indexOf(come)
        if (at >= 0) queue.splice(at, 1)
        turn.resolve(false)
      }
      queue.push(come)
      signal.addEventListener('abort', leave, { once: true })
      void waiting(queue.length).catch(() => undefined)
      const came = await turn.promise
      signal.removeEventListener('abort', leave)
      return came ? once() : undefined
    },
  }
}
