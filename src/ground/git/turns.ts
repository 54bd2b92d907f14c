/** Takes turns at something by its id: one at a time, and at most one that waits, whoever else asks. */
export interface Turns {
  /**
   * Where it is being done now, waits for that. With `fresh`: for a turn that began after this call. With `signal`:
   * stops waiting, and throws its reason; the work goes on.
   */
  take(
    id: string,
    work: () => Promise<void>,
    options?: { fresh?: boolean; signal?: AbortSignal | undefined },
  ): Promise<void>
}

export function openTurns(): Turns {
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, Promise<void>>()

  function begin(id: string, work: () => Promise<void>): Promise<void> {
    const turn = work().finally(() => running.delete(id))
    running.set(id, turn)
    return turn
  }

  function queue(id: string, now: Promise<void>, work: () => Promise<void>): Promise<void> {
    const known = waiting.get(id)
    if (known) return known
    const turn = now
      .catch(() => undefined)
      .then(() => {
        waiting.delete(id)
        return begin(id, work)
      })
    waiting.set(id, turn)
    return turn
  }

  return {
    take(id, work, { fresh = false, signal } = {}) {
      const now = running.get(id)
      // Between two turns nothing runs, and the next one is about to.
      const next = waiting.get(id)
      const turn = now ? (fresh ? queue(id, now, work) : now) : (next ?? begin(id, work))
      return signal ? until(signal, turn) : turn
    },
  }
}

async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
