import { setTimeout as sleep } from 'node:timers/promises'

const attempts = 6

/** SQLSTATEs with which a store gives up a transaction that would do as well a moment later. */
const clashes = ['40001', '40P01']

/**
 * Does a whole transaction again when the store gave it up in favour of another one (a deadlock, most often with a
 * removal that takes a whole project with it). `work` must leave nothing behind outside of its transaction.
 */
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !isClash(error)) throw error
    }
    // By chance, or two that met once would meet again.
    await sleep(Math.random() * 20 * attempt)
  }
}

function isClash(error: unknown): boolean {
  return error instanceof Error && clashes.includes(String((error as Error & { code?: unknown }).code))
}
