import { setTimeout as sleep } from 'node:timers/promises'

const patienceMs = 30_000

/** Waits until something is so. */
export async function waitUntil(there: () => Promise<boolean> | boolean, what = 'it'): Promise<void> {
  const until = performance.now() + patienceMs
  while (!(await there())) {
    if (performance.now() > until) throw new Error(`${what} never came about`)
    await sleep(10)
  }
}
