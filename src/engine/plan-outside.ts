import type { Logger } from 'pino'
import type { Context } from '#app/context.ts'
import type { WorkInHand } from '#app/deployments/claim-deployment.ts'
import { beginPlanning } from '#app/deployments/begin-planning.ts'
import { failPlanning } from '#app/deployments/fail-planning.ts'
import { isSettled } from '#app/deployments/is-settled.ts'
import { recordPlan, type RecordedPlan } from '#app/deployments/record-plan.ts'
import { requeuePlanning } from '#app/deployments/requeue-planning.ts'
import { planChanges } from '#domain/plan.ts'
import type { MadePlan, OutsideExecutor, StopReason } from '#executors/contract.ts'
import { deployStored } from './deploy-stored.ts'
import { keepWatch } from './keep-watch.ts'
import { openLogWriter } from './log-writer.ts'
import { taskOf } from './task-of.ts'
import type { Aside } from './worker.ts'

/** Its executor's plan is work by itself. */
export type Planner = OutsideExecutor & Required<Pick<OutsideExecutor, 'makePlan'>>

export interface Held {
  /** Aborted when its environment is not ours any more (`lost`), or the process is about to end (`stopping`). */
  signal: AbortSignal
  aside: Aside
}

const usualTimeoutSeconds = 3600

/**
 * Has a plan made outside: its lines go to the deployment's log as they come, and it is stopped when it is canceled, when
 * its time is over, or when it is not ours any more. Where nothing can have changed, nobody is asked; where a stored plan
 * is to be deployed, it is taken as it is. Undefined: it was canceled, taken over or handed back meanwhile.
 */
export async function planOutside(
  ctx: Context,
  { logger }: { logger: Logger },
  executor: Planner,
  work: WorkInHand,
  held: Held,
): Promise<RecordedPlan | undefined> {
  if (work.deploys_plan !== null) return deployStored(ctx, executor, work, work.deploys_plan)
  if (await isSettled(ctx, work))
    return recordPlan(ctx, work, planChanges(work.task), { made: { effects: [], kept: null } })
  const { made, reason } = await held.aside(() => make(ctx, logger, executor, work, held.signal))
  return conclude(ctx, work, made, reason)
}

async function make(
  ctx: Context,
  logger: Logger,
  executor: Planner,
  work: WorkInHand,
  signal: AbortSignal,
): Promise<{ made: MadePlan; reason: StopReason | undefined }> {
  const subject = { deployment_id: work.id }
  await beginPlanning(ctx, work)
  const seconds = Number(work.executor_settings.timeout_seconds ?? usualTimeoutSeconds)
  const deadline_at = new Date(ctx.now().getTime() + seconds * 1000)
  const watched = { subject, attempt: work.attempt, states: ['planning'], deadline_at }
  const vigil = keepWatch(ctx, watched, signal)
  const log = openLogWriter(ctx, subject, logger)
  try {
    const made = await executor.makePlan(taskOf(ctx, work), {
      log: (stream, lines) => log.write(stream, lines),
      signal: vigil.signal,
      now: () => ctx.now(),
    })
    return { made, reason: vigil.reason() }
  } finally {
    vigil.stop()
    await log.close()
  }
}

/** Whatever it says after it was told to stop: why it was told decides, unless it had a plan all the same. */
async function conclude(
  ctx: Context,
  work: WorkInHand,
  made: MadePlan,
  reason: StopReason | undefined,
): Promise<RecordedPlan | undefined> {
  if (made.state === 'made') {
    const { changes, ...outside } = made
    return recordPlan(ctx, work, changes, { made: { ...outside, kept: kept(outside.kept) } })
  }
  if (reason === 'canceled' || reason === 'lost') return undefined
  if (reason === 'stopping') return requeuePlanning(ctx, work)
  if (reason === 'timed_out')
    return failPlanning(ctx, work, {
      failure_code: 'timed_out',
      failure_detail: 'Planning took longer than it may, and was ended; nothing was changed.',
    })
  const { code, detail } =
    made.state === 'failed'
      ? made
      : { code: 'planning_failed', detail: 'Planning stopped by itself, and nobody said why.' }
  return failPlanning(ctx, work, { failure_code: code, failure_detail: detail })
}

/** Without what is not there. */
function kept(all: Extract<MadePlan, { state: 'made' }>['kept']) {
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}
