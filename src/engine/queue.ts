import { fromKysely, PgBoss, type ConstructorOptions, type Queue as QueueOptions } from 'pg-boss'
import type { Logger } from 'pino'
import type { Job, JobName, Jobs } from '#domain/jobs.ts'

type Transaction = Parameters<typeof fromKysely>[0]

export interface Queue {
  /** Puts jobs into the caller's transaction: they vanish with its rollback. */
  enqueue(tx: Transaction, jobs: readonly Job[]): Promise<void>
  /** Runs a handler for each job; jobs fetched together run side by side. */
  work<N extends JobName>(name: N, handle: (data: Jobs[N]) => Promise<void>): Promise<void>
  /** Lets running jobs finish for so long, then hands them over. */
  stop(timeoutMs: number): Promise<void>
}

/**
 * What makes a job of a killed process taken up within 15 seconds: heartbeats of 10 seconds (the least there is),
 * looked after every second.
 */
const common = {
  notify: true,
  retryLimit: 1000,
  retryDelay: 0,
  heartbeatSeconds: 10,
  expireInSeconds: 14_400,
  deleteAfterSeconds: 3600,
} satisfies Omit<QueueOptions, 'name'>

/** Environments run one at a time: the key is the environment, and a job waits while another of its key is active. */
const queues: Record<JobName, Omit<QueueOptions, 'name'>> = {
  'run-environment': { ...common, policy: 'singleton' },
  'admit-deployments': { ...common, policy: 'standard' },
  'plan-ahead': { ...common, policy: 'standard' },
}

const names = Object.keys(queues) as JobName[]

const nobody = '00000000-0000-0000-0000-000000000000'

export interface QueueSettings {
  /** Where the jobs lie: the same database as our rows. */
  boss: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString'>
  /** Whether no other process can have jobs in hand: what is left of the last one is thrown away, since rows decide. */
  alone: boolean
  logger: Logger
}

export async function openQueue({ boss: where, alone, logger }: QueueSettings): Promise<Queue> {
  const boss = new PgBoss({
    ...where,
    schema: 'job',
    max: 4,
    application_name: 'headgate jobs',
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    queueCacheIntervalSeconds: 1,
    schedule: false,
  })
  boss.on('error', (error) => logger.error({ err: error }, 'the job queue met an error; it goes on'))
  boss.on('warning', (warning) => logger.debug({ warning }, 'the job queue warns'))
  await boss.start()
  for (const name of names) {
    await boss.createQueue(name, queues[name])
    await boss.updateQueue(name, withoutPolicy(queues[name]))
    if (alone) await boss.deleteAllJobs(name)
    // A queue that pg-boss has not looked up yet would be looked up outside the transaction of the first send,
    // which waits for ever on the embedded store.
    await boss.findJobs(name, { id: nobody })
  }
  return {
    enqueue: (tx, jobs) => enqueue(boss, tx, jobs),
    async work(name, handle) {
      const options = {
        batchSize: 16,
        localConcurrency: 2,
        burstWhenBatchFull: true,
        perJobResults: true,
        heartbeatRefreshSeconds: 2,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 1,
      } as const
      await boss.work<Jobs[typeof name], unknown, typeof options>(name, options, (batch) =>
        Promise.all(
          batch.map(async (job) => {
            try {
              await handle(job.data)
              return { id: job.id, status: 'completed' as const }
            } catch (error) {
              logger.error({ err: error, job: name, data: job.data }, 'a job broke; it is tried again')
              // Retried at once it would spin; the next look is a second away.
              await new Promise((resolve) => setTimeout(resolve, 1000))
              return { id: job.id, status: 'failed' as const }
            }
          }),
        ),
      )
    },
    stop: (timeout) => boss.stop({ graceful: true, close: true, timeout }),
  }
}

async function enqueue(boss: PgBoss, tx: Transaction, jobs: readonly Job[]): Promise<void> {
  const db = fromKysely(tx)
  for (const name of names) {
    const mine = jobs.filter((job) => job.name === name)
    if (mine.length === 0) continue
    const rows = mine.map((job) => ({
      data: job.data,
      ...(job.after ? { startAfter: job.after } : {}),
      ...(job.name === 'run-environment' ? { singletonKey: job.data.environment_id } : {}),
    }))
    await boss.insert(name, rows, { db })
  }
}

function withoutPolicy({ policy: _, ...rest }: Omit<QueueOptions, 'name'>) {
  return rest
}
