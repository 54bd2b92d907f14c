import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'

export interface WorkerSettings<Data extends object> {
  boss: PgBoss
  name: string
  handle(data: Data): Promise<void>
  /** Jobs in hand at most. */
  most: number
  logger: Logger
}

export interface Worker {
  /** There may be a job. Never waits, never throws. */
  wake(): void
  /** Takes no more; answers when nothing is in hand, or after so long hands over what is. */
  stop(timeoutMs: number): Promise<void>
}

const pollMs = 1000
const heartbeatMs = 2000
/** A job that broke is tried again, but not at once: it would spin. */
const retryMs = 1000

/**
 * Takes jobs as places become free and settles each when it is done, so that a slow one holds up nobody: pg-boss's own
 * workers take nothing new until the last of a batch is done.
 */
export function startWorker<Data extends object>(settings: WorkerSettings<Data>): Worker {
  const { boss, name, handle, most, logger } = settings
  const inHand = new Map<string, Promise<void>>()
  let done: string[] = []
  let wanted = false
  let taking: Promise<void> | undefined
  let stopped = false

  function wake(): void {
    wanted = true
    if (!stopped) taking ??= take().finally(() => (taking = undefined))
  }

  async function take(): Promise<void> {
    try {
      while (wanted && !stopped && inHand.size < most) {
        wanted = false
        const free = most - inHand.size
        const jobs = await boss.fetch<Data>(name, { batchSize: free })
        for (const job of jobs) inHand.set(job.id, run(job.id, job.data))
        if (jobs.length === free) wanted = true
      }
    } catch (error) {
      logger.error({ err: error, job: name }, 'jobs could not be taken; the next look is in a second')
    }
  }

  async function run(id: string, data: Data): Promise<void> {
    try {
      await handle(data)
      done.push(id)
    } catch (error) {
      logger.error({ err: error, job: name, data }, 'a job broke; it is tried again')
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, retryMs))
      await boss
        .fail(name, id)
        .catch((failure: unknown) => logger.warn({ err: failure }, 'a job could not be put back'))
    }
    // Those that end together are settled together.
    await new Promise(setImmediate)
    await settle()
    inHand.delete(id)
    wake()
  }

  async function settle(): Promise<void> {
    const ids = done
    if (ids.length === 0) return
    done = []
    // What cannot be settled is taken up again when its heartbeat stops, and finds nothing to do.
    await boss
      .complete(name, ids)
      .catch((error: unknown) => logger.warn({ err: error }, 'jobs could not be settled'))
  }

  const poll = setInterval(wake, pollMs)
  const heartbeat = setInterval(() => {
    if (inHand.size === 0) return
    boss
      .touch(name, [...inHand.keys()])
      .catch((error: unknown) => logger.warn({ err: error }, 'no heartbeat was left'))
  }, heartbeatMs)
  wake()

  return {
    wake,
    async stop(timeoutMs) {
      stopped = true
      clearInterval(poll)
      await taking
      const all = Promise.all(inHand.values())
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())])
      clearInterval(heartbeat)
      const left = [...inHand.keys()]
      if (left.length > 0) await boss.fail(name, left)
    },
  }
}
