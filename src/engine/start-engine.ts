import type { Logger } from 'pino'
import { asPrincipal, type House } from '#app/context.ts'
import { lookAfterDispatches } from '#app/dispatches/look-after-dispatches.ts'
import { listEnvironmentsWithWork } from '#app/deployments/list-environments-with-work.ts'
import { fetchPushed } from '#app/repositories/hear-push.ts'
import { cutByClock, wakeDueCuts } from '#app/candidates/cut-by-clock.ts'
import { detectDrift, wakeDueDrifts } from '#app/drift/detect-drift.ts'
import { fireSchedule, wakeDueSchedules } from '#app/schedules/fire-schedule.ts'
import { promoteSucceeded } from '#app/deployments/promote-succeeded.ts'
import { planAhead } from '#app/deployments/plan-ahead.ts'
import type { Executor } from '#executors/contract.ts'
import type { Queue } from './queue.ts'
import { moveWaiting } from './move-waiting.ts'
import { openAlarm } from './open-alarm.ts'
import { runEnvironment } from './run-environment.ts'
import { workOutside, type Outside } from './work-outside.ts'

export interface EngineSettings {
  house: House
  queue: Queue
  executors: readonly Executor[]
  logger: Logger
  outside: Outside
  /** How often to look for due deployments when nothing wakes: a clock may jump, a job may be lost. */
  sweepMs?: number
}

export interface Engine {
  /** Looks for deployments whose time has come; what a test calls after it set the clock. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

/** Ten minutes, by default. */
const looksPerWake = 20

/** Starts to work. Wakes at once whatever a process before this one left undone. */
export async function startEngine({
  house,
  queue,
  executors,
  logger,
  outside,
  sweepMs = 30_000,
}: EngineSettings): Promise<Engine> {
  const ctx = asPrincipal(house, null)
  const workshop = { executors: new Map(executors.map((executor) => [executor.name, executor])), logger }

  queue.work('run-environment', ({ environment_id }, signal, aside) =>
    runEnvironment(ctx, workshop, environment_id, { signal, aside }),
  )
  queue.work('admit-deployments', admit)
  queue.work('promote', () => promoteSucceeded(ctx))
  queue.work('cut', ({ project_id }) => cutByClock(ctx, project_id))
  queue.work('detect-drift', ({ environment_id }) => detectDrift(ctx, environment_id))
  queue.work('fire-schedule', ({ schedule_id }) => fireSchedule(ctx, schedule_id))
  queue.work('fetch-repository', async ({ repository_id }, signal) => {
    const unreachable = await fetchPushed(house, repository_id, signal)
    if (unreachable) logger.warn(unreachable, 'a repository could not be fetched')
  })
  queue.work('plan-ahead', ({ deployment_id }) =>
    planAhead(ctx, deployment_id, async (name, waiting) => {
      const executor = workshop.executors.get(name)
      if (!executor) return undefined
      const task = executor.never_unchanged ? { ...waiting, forced: true } : waiting
      return executor.scope === 'store' ? executor.plan(house.db, task) : executor.plan(task)
    }),
  )

  const alarm = openAlarm(house, sweepMs, () => look())
  async function admit(): Promise<void> {
    for (const opens_at of await moveWaiting(ctx)) alarm.set(opens_at)
    await lookAfterDispatches(ctx)
    const cut_at = await wakeDueCuts(ctx)
    if (cut_at) alarm.set(cut_at)
    const drift_at = await wakeDueDrifts(ctx)
    if (drift_at) alarm.set(drift_at)
    const scheduled_at = await wakeDueSchedules(ctx)
    if (scheduled_at) alarm.set(scheduled_at)
    await promoteSucceeded(ctx)
  }
  const look = () =>
    admit().catch((error: unknown) => logger.error({ err: error }, 'looking for due deployments failed'))

  const wakeLeft = async () => {
    const left = await listEnvironmentsWithWork(ctx)
    const jobs = left.map((environment_id) => ({
      name: 'run-environment' as const,
      data: { environment_id },
    }))
    if (jobs.length > 0) await house.db.transaction().execute((tx) => house.enqueue(tx, jobs))
  }
  await wakeLeft()
  await workOutside(ctx, queue, workshop, outside)
  await admit()

  const timer = setInterval(() => void look(), sweepMs)
  // Rows decide: what is left without a job, whatever became of it, is found all the same.
  const slowTimer = setInterval(() => {
    wakeLeft().catch((error: unknown) => logger.error({ err: error }, 'looking for what is left failed'))
  }, sweepMs * looksPerWake)
  return {
    sweep: admit,
    async stop() {
      clearInterval(timer)
      clearInterval(slowTimer)
      alarm.stop()
      await Promise.resolve()
    },
  }
}
