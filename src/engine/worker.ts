import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { isOurs, renewLeases, type Lease } from './lease.ts'

export interface WorkerSettings<Data extends object> {
  boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail' | 'touch'>
  name: string
  /** `signal` is aborted when the job is not ours any more (`lost`), or the process is about to end (`stopping`). */
  handle(data: Data, signal: AbortSignal, aside: Aside): Promise<void>
  /** Jobs in hand at most, and beside them those that are set aside. */
  most: number
  /** Further ones that are set aside take a place like any other. None when left out. */
  mostAside?: number
  logger: Logger
  /** How long a job stays ours after it was taken, or its heartbeat left: less than the queue's `heartbeatSeconds`. */
  leaseMs?: number
}

/**
 * Does something during which its job takes no place, since that is at work elsewhere: others need not wait for it. A job
 * comes back without asking, so that for a moment more may be in hand than places are.
 */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>

export interface Worker {
  /** There may be a job. Never waits, never throws. */
  wake(): void
  /** Takes no more; answers when nothing is in hand, or after so long hands over what is. */
  stop(timeoutMs: number): Promise<void>
}

const pollMs = 1000
const heartbeatMs = 2000
const usualLeaseMs = 8500
/** A job that broke is tried again, but not at once: it would spin. */
const retryMs = 1000

/**
 * Takes jobs as places become free and settles each when it is done, so that a slow one holds up nobody: pg-boss's own
 * workers take nothing new until the last of a batch is done.
 */
export function startWorker<Data extends object>(settings: WorkerSettings<Data>): Worker {
  const { boss, name, handle, most, mostAside = 0, logger, leaseMs = usualLeaseMs } = settings
  /** By themselves: the same job may be in hand twice, once lost and once anew. */
  const inHand = new Set<Lease>()
  const settle = settler(settings)
  let wanted = false
  let taking: Promise<void> | undefined
  let stopped = false

  const placesFree = () => most + Math.min(countAside(inHand), mostAside) - inHand.size

  function wake(): void {
    wanted = true
    if (!stopped) taking ??= take().finally(() => (taking = undefined))
  }

  async function take(): Promise<void> {
    try {
      while (wanted && !stopped && placesFree() > 0) {
        wanted = false
        const free = placesFree()
        const ours_until = performance.now() + leaseMs
        const jobs = await boss.fetch<Data>(name, { batchSize: free })
        for (const job of jobs) {
          const lost = new AbortController()
          const held: Lease = { id: job.id, ours_until, lost, ended: Promise.resolve() }
          inHand.add(held)
          held.ended = run(held, job.data)
        }
        if (jobs.length === free) wanted = true
      }
    } catch (error) {
      logger.error({ err: error, job: name }, 'jobs could not be taken; the next look is in a second')
    }
  }

  async function run(held: Lease, data: Data): Promise<void> {
    try {
      await handle(data, held.lost.signal, asideOf(held, wake))
      await settle(held)
    } catch (error) {
      logger.error({ err: error, job: name, data }, 'a job broke; it is tried again')
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, retryMs))
      if (isOurs(held))
        await boss
          .fail(name, held.id)
          .catch((failure: unknown) => logger.warn({ err: failure }, 'a job could not be put back'))
    }
    inHand.delete(held)
    wake()
  }

  const poll = setInterval(wake, pollMs)
  const heartbeat = setInterval(() => {
    renewLeases(inHand, leaseMs, (ids) => boss.touch(name, ids)).catch((error: unknown) =>
      logger.warn({ err: error }, 'no heartbeat was left'),
    )
  }, heartbeatMs)
  wake()

  return {
    wake,
    async stop(timeoutMs) {
      stopped = true
      clearInterval(poll)
      await taking
      await endAll(inHand, timeoutMs)
      clearInterval(heartbeat)
      const left = [...inHand].filter(isOurs).map(({ id }) => id)
      if (left.length > 0) await boss.fail(name, left)
    },
  }
}

function countAside(leases: ReadonlySet<Lease>): number {
  return [...leases].filter(({ aside }) => aside).length
}

function asideOf(held: Lease, wake: () => void): Aside {
  return (work) => {
    held.aside = true
    wake()
    return work().finally(() => (held.aside = false))
  }
}

/** Lets them end by themselves for half of the time, then asks them to. */
async function endAll(leases: Iterable<Lease>, timeoutMs: number): Promise<void> {
  const all = Promise.all([...leases].map(({ ended }) => ended))
  const within = (ms: number) =>
    Promise.race([all, new Promise((resolve) => setTimeout(resolve, ms).unref())])
  await within(timeoutMs / 2)
  for (const { lost } of leases) lost.abort('stopping')
  await within(timeoutMs / 2)
}

/** Those that end together are settled together. What cannot be is taken up again when its heartbeat stops. */
function settler({ boss, name, logger }: Pick<WorkerSettings<object>, 'boss' | 'name' | 'logger'>) {
  let done: Lease[] = []
  return async (lease: Lease): Promise<void> => {
    done.push(lease)
    await new Promise(setImmediate)
    const ids = done.filter(isOurs).map(({ id }) => id)
    done = []
    if (ids.length === 0) return
    await boss
      .complete(name, ids)
      .catch((error: unknown) => logger.warn({ err: error }, 'jobs could not be settled'))
  }
}
