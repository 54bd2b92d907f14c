import { setTimeout as sleep } from 'node:timers/promises'
import { tryLockFile } from '../file-lock.ts'

const lookAgainMs = 50

/** Does the work while no other process has the lock, which goes with the process that has it. */
export async function withLock<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let release = tryLockFile(file)
  while (!release) {
    await sleep(lookAgainMs, undefined, signal ? { signal } : {})
    release = tryLockFile(file)
  }
  try {
    return await work()
  } finally {
    release()
  }
}
