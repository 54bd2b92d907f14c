import { fromKysely, PgBoss, type ConstructorOptions, type Queue as QueueOptions } from 'pg-boss'
import type { Logger } from 'pino'
import type { Job, JobName, Jobs } from '#domain/jobs.ts'
import { startWorker, type Aside, type Worker } from './worker.ts'

type Transaction = Parameters<typeof fromKysely>[0]

export interface Queue {
  /** Puts jobs into the caller's transaction: they vanish with its rollback. */
  enqueue(tx: Transaction, jobs: readonly Job[]): Promise<void>
  /**
   * Runs a handler for each job, many side by side. `signal` is aborted when the job is not ours any more (`lost`), or
   * the process is about to end (`stopping`).
   */
  work<N extends JobName>(
    name: N,
    handle: (data: Jobs[N], signal: AbortSignal, aside: Aside) => Promise<void>,
  ): void
  /** Takes no more jobs; lets running ones finish for so long, then hands them over. Others may still be put in. */
  drain(timeoutMs: number): Promise<void>
  /** Drains it, and lets go of it. */
  stop(timeoutMs: number): Promise<void>
}

/**
 * What makes a job of a killed process taken up within 15 seconds: heartbeats of 10 seconds (the least there is),
 * looked after every second.
 */
const common = {
  retryLimit: 1000,
  retryDelay: 0,
  heartbeatSeconds: 10,
  expireInSeconds: 14_400,
  deleteAfterSeconds: 3600,
} satisfies Omit<QueueOptions, 'name'>

/**
 * Environments run one at a time: the key is the environment, and a job waits while another of its key is active. Not
 * `singleton`: there pg-boss tells what is active from figures that are up to two seconds old, and lets what comes
 * after a deployment wait for so long. A job that failed for good would keep its key shut, and so none does.
 */
const queues: Record<JobName, Omit<QueueOptions, 'name'>> = {
  'run-environment': {
    ...common,
    policy: 'key_strict_fifo',
    retryLimit: 1_000_000_000,
    // One after the other may be planned outside, each for as long as it takes: a day is the most that pg-boss knows.
    expireInSeconds: 86_400,
  },
  'admit-deployments': { ...common, policy: 'standard' },
  // Only to be looked at: what cannot be planned ahead is tried again when its time comes.
  'plan-ahead': { ...common, policy: 'standard', retryLimit: 3 },
  // The key is what it is for, and a command may take its time: a day is the most that pg-boss knows.
  'run-executor': { ...common, policy: 'singleton', expireInSeconds: 86_400 },
  'look-after-dispatches': { ...common, policy: 'standard' },
  // Whoever needs a commit that is not there fetches by himself.
  'fetch-repository': { ...common, policy: 'standard', retryLimit: 5, retryDelay: 30 },
  // The key is the project: nobody fetches the same repository beside somebody else for the same cut.
  cut: { ...common, policy: 'singleton', retryLimit: 5, retryDelay: 30 },
  // The key is the environment: two looks at once would see the same.
  'detect-drift': { ...common, policy: 'singleton', retryLimit: 3, retryDelay: 30 },
  'fire-schedule': { ...common, policy: 'singleton', retryLimit: 5, retryDelay: 30 },
  promote: { ...common, policy: 'standard', retryLimit: 5, retryDelay: 30 },
  // Its attempts are rows of our own: the job only says that there may be one.
  'deliver-webhook': { ...common, policy: 'standard', retryLimit: 3 },
  'pack-log': { ...common, policy: 'standard', retryLimit: 10, retryDelay: 60 },
}

const names = Object.keys(queues) as JobName[]

const nobody = '00000000-0000-0000-0000-000000000000'

export interface QueueSettings {
  /** Where the jobs lie: the same database as our rows. */
  boss: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString'>
  /** Wakes every process that works, when the transaction commits. */
  notify(tx: Transaction, channel: string, payload: string): Promise<void>
  /** Hears what `notify` tells, here and in other processes; null when some may have been missed. */
  listen(channel: string, hear: (payload: string | null) => void): Promise<() => Promise<void>>
  /** Whether no other process can have jobs in hand: what is left of the last one is thrown away, since rows decide. */
  alone: boolean
  logger: Logger
}

const channel = 'headgate_job'

/** Environments that one process deploys to at once, and the like: each waits for the store most of its time. */
const mostInHand = 16

/** Environments that one process plans for outside, beside: minutes of work, which keep nobody else from deploying. */
const mostPlanning = 64

/** What one process has its executors do outside at once: it has its own places, since it may take hours. */
const mostOutside = 64

export async function openQueue(settings: QueueSettings): Promise<Queue> {
  const { boss: where, alone, logger, listen } = settings
  const boss = new PgBoss({
    ...where,
    schema: 'job',
    max: 4,
    application_name: 'headgate jobs',
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    queueCacheIntervalSeconds: 1,
    schedule: false,
  })
  boss.on('error', (error) => logger.error({ err: error }, 'the job queue met an error; it goes on'))
  boss.on('warning', (warning) => logger.debug({ warning }, 'the job queue warns'))
  await boss.start()
  await prepare(boss, alone)

  const workers = new Map<string, Worker>()
  const hush = await listen(channel, (payload) => {
    for (const name of payload?.split(' ') ?? workers.keys()) workers.get(name)?.wake()
  })
  let drained: Promise<unknown> | undefined
  const drain = async (timeoutMs: number) => {
    drained ??= Promise.all([...workers.values()].map((worker) => worker.stop(timeoutMs)))
    await drained
  }
  return {
    enqueue: (tx, jobs) => enqueue(boss, settings, tx, jobs),
    work(name, handle) {
      workers.set(
        name,
        startWorker<Jobs[typeof name]>({
          boss,
          name,
          handle,
          most: name === 'run-executor' ? mostOutside : mostInHand,
          mostAside: name === 'run-environment' ? mostPlanning : 0,
          logger,
        }),
      )
    },
    drain,
    async stop(timeoutMs) {
      await hush()
      await drain(timeoutMs)
      await boss.stop({ graceful: true, close: true, timeout: 1000 })
    },
  }
}

/** What is as it should be costs no further question: a server that starts again has asked ten of each queue. */
async function prepare(boss: PgBoss, alone: boolean): Promise<void> {
  const there = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
  for (const name of names) {
    const known = there.get(name)
    if (!known || !isAsWanted(known, queues[name])) await change(boss, name, known)
    // A job that died active would keep its environment shut until its heartbeat is missed. Others can wait for that.
    if (alone && known && queues[name].policy !== 'standard') await boss.deleteAllJobs(name)
  }
}

function isAsWanted(known: QueueOptions, wanted: Omit<QueueOptions, 'name'>): boolean {
  return Object.entries(wanted).every(([option, value]) => known[option as keyof QueueOptions] === value)
}

async function change(boss: PgBoss, name: JobName, known: QueueOptions | undefined): Promise<void> {
  // A policy cannot be changed. What was in the queue is found again by the rows that it was about.
  const other = known && known.policy !== queues[name].policy
  if (other) await boss.deleteQueue(name)
  if (!known || other) await boss.createQueue(name, queues[name])
  else await boss.updateQueue(name, withoutPolicy(queues[name]))
  // A queue that pg-boss has not looked up since would be looked up outside the transaction of the first send,
  // which waits for ever on the embedded store. Those that are left as they are it looked up when it started.
  await boss.findJobs(name, { id: nobody })
}

async function enqueue(
  boss: PgBoss,
  { notify }: QueueSettings,
  tx: Transaction,
  jobs: readonly Job[],
): Promise<void> {
  const db = fromKysely(tx)
  const sent: JobName[] = []
  for (const name of names) {
    const mine = jobs.filter((job) => job.name === name)
    if (mine.length === 0) continue
    const rows = mine.map((job) => ({
      data: job.data,
      ...(job.after ? { startAfter: job.after } : {}),
      ...keyOf(job),
    }))
    await boss.insert(name, rows, { db })
    if (mine.some((job) => !job.after)) sent.push(name)
  }
  if (sent.length > 0) await notify(tx, channel, sent.join(' '))
}

function keyOf(job: Job): { singletonKey?: string } {
  if (job.name === 'run-environment') return { singletonKey: job.data.environment_id }
  if (job.name === 'cut') return { singletonKey: job.data.project_id }
  if (job.name === 'detect-drift') return { singletonKey: job.data.environment_id }
  if (job.name === 'fire-schedule') return { singletonKey: job.data.schedule_id }
  if (job.name !== 'run-executor') return {}
  return { singletonKey: 'run_id' in job.data ? job.data.run_id : job.data.deployment_id }
}

function withoutPolicy({ policy: _, ...rest }: Omit<QueueOptions, 'name'>) {
  return rest
}
