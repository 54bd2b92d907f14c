import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'

export interface WorkerSettings<Data extends object> {
  boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail' | 'touch'>
  name: string
  /** `signal` is aborted when the job is not ours any more (`lost`), or the process is about to end (`stopping`). */
  handle(data: Data, signal: AbortSignal): Promise<void>
  /** Jobs in hand at most. */
  most: number
  logger: Logger
  /** How long a job stays ours after it was taken, or its heartbeat left: less than the queue's `heartbeatSeconds`. */
  leaseMs?: number
}

export interface Worker {
  /** There may be a job. Never waits, never throws. */
  wake(): void
  /** Takes no more; answers when nothing is in hand, or after so long hands over what is. */
  stop(timeoutMs: number): Promise<void>
}

/** A job in hand. */
interface Held {
  id: string
  /** Until then nobody else can have it. */
  oursUntil: number
  lost: AbortController
  ended: Promise<void>
}

const pollMs = 1000
const heartbeatMs = 2000
const usualLeaseMs = 8500
/** A job that broke is tried again, but not at once: it would spin. */
const retryMs = 1000

/**
 * Takes jobs as places become free and settles each when it is done, so that a slow one holds up nobody: pg-boss's own
 * workers take nothing new until the last of a batch is done.
 *
 * pg-boss settles and touches by a job's id alone, and a job that was given up for dead runs elsewhere under the same
 * id. So a job is a lease: one whose heartbeat could not be left in time is never touched or settled again.
 */
export function startWorker<Data extends object>(settings: WorkerSettings<Data>): Worker {
  const { boss, name, handle, most, logger, leaseMs = usualLeaseMs } = settings
  /** By themselves: the same job may be in hand twice, once lost and once anew. */
  const inHand = new Set<Held>()
  let done: Held[] = []
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
        const oursUntil = performance.now() + leaseMs
        const jobs = await boss.fetch<Data>(name, { batchSize: free })
        for (const job of jobs) {
          const lost = new AbortController()
          const held: Held = { id: job.id, oursUntil, lost, ended: Promise.resolve() }
          inHand.add(held)
          held.ended = run(held, job.data)
        }
        if (jobs.length === free) wanted = true
      }
    } catch (error) {
      logger.error({ err: error, job: name }, 'jobs could not be taken; the next look is in a second')
    }
  }

  async function run(held: Held, data: Data): Promise<void> {
    try {
      await handle(data, held.lost.signal)
      done.push(held)
    } catch (error) {
      logger.error({ err: error, job: name, data }, 'a job broke; it is tried again')
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, retryMs))
      if (isOurs(held))
        await boss
          .fail(name, held.id)
          .catch((failure: unknown) => logger.warn({ err: failure }, 'a job could not be put back'))
    }
    // Those that end together are settled together.
    await new Promise(setImmediate)
    await settle()
    inHand.delete(held)
    wake()
  }

  const isOurs = ({ oursUntil, lost }: Held) => lost.signal.reason !== 'lost' && performance.now() < oursUntil

  async function settle(): Promise<void> {
    const ids = done.filter(isOurs).map(({ id }) => id)
    done = []
    if (ids.length === 0) return
    // What cannot be settled is taken up again when its heartbeat stops, and finds nothing to do.
    await boss
      .complete(name, ids)
      .catch((error: unknown) => logger.warn({ err: error }, 'jobs could not be settled'))
  }

  async function leaveHeartbeats(): Promise<void> {
    for (const held of inHand) if (!isOurs(held)) held.lost.abort('lost')
    const ours = [...inHand].filter(isOurs)
    if (ours.length === 0) return
    const oursUntil = performance.now() + leaseMs
    await boss.touch(
      name,
      ours.map(({ id }) => id),
    )
    // One whose time ran out while this was under way may have been somebody else's already.
    for (const held of ours) if (isOurs(held)) held.oursUntil = Math.max(held.oursUntil, oursUntil)
  }

  const poll = setInterval(wake, pollMs)
  const heartbeat = setInterval(() => {
    leaveHeartbeats().catch((error: unknown) => logger.warn({ err: error }, 'no heartbeat was left'))
  }, heartbeatMs)
  wake()

  return {
    wake,
    async stop(timeoutMs) {
      stopped = true
      clearInterval(poll)
      await taking
      const all = Promise.all([...inHand].map(({ ended }) => ended))
      const within = (ms: number) =>
        Promise.race([all, new Promise((resolve) => setTimeout(resolve, ms).unref())])
      await within(timeoutMs / 2)
      for (const { lost } of inHand) lost.abort('stopping')
      await within(timeoutMs / 2)
      clearInterval(heartbeat)
      const left = [...inHand].filter(isOurs).map(({ id }) => id)
      if (left.length > 0) await boss.fail(name, left)
    },
  }
}
