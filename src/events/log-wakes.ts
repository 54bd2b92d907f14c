import { logChannel } from '#store/log.ts'

/** Says when a log may have new lines, whichever process wrote them. */
export interface LogWakes {
  /** `hear` is called until the answer is. */
  watch(logId: string, hear: () => void): () => void
  close(): Promise<void>
}

/** One channel for all logs of the process. */
export async function startLogWakes(
  listen: (channel: string, hear: (payload: string | null) => void) => Promise<() => Promise<void>>,
): Promise<LogWakes> {
  const watching = new Map<string, Set<() => void>>()
  const hush = await listen(logChannel, (payload) => {
    // When some may have been missed, everybody looks.
    const woken = payload === null ? [...watching.values()] : [watching.get(payload) ?? []]
    for (const hearers of woken) for (const hear of hearers) hear()
  })
  return {
    watch(logId, hear) {
      const hearers = watching.get(logId) ?? new Set()
      watching.set(logId, hearers.add(hear))
      return () => {
        hearers.delete(hear)
        if (hearers.size === 0 && watching.get(logId) === hearers) watching.delete(logId)
      }
    },
    close: hush,
  }
}
