import type { Logger } from 'pino'
import type { Context } from '#app/context.ts'
import { applyInStore, recordBreakage } from '#app/deployments/apply-plan.ts'
import { claimApproved } from '#app/deployments/claim-approved.ts'
import { claimDeployment, type WorkInHand } from '#app/deployments/claim-deployment.ts'
import { endStale } from '#app/deployments/end-stale.ts'
import { failPlanning } from '#app/deployments/fail-planning.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan, type RecordedPlan } from '#app/deployments/record-plan.ts'
import { stopDeployment } from '#app/deployments/stop-deployment.ts'
import { takeUpLost } from '#app/deployments/take-up-lost.ts'
import { letGoOfHolds } from '#app/holds/let-go-holds.ts'
import { isPassing } from '#domain/passing-error.ts'
import type { Executor } from '#executors/contract.ts'
import { whyStale } from './deploy-stored.ts'
import { planOutside, type Held, type Planner } from './plan-outside.ts'

export interface Workshop {
  /** Executors by name. */
  executors: ReadonlyMap<string, Executor>
  logger: Logger
}

/** Nobody takes it away. */
const unheld: Held = { signal: new AbortController().signal, aside: (work) => work() }

/**
 * Runs what is queued in an environment, one after the other, until nothing is left. Whoever calls this holds the
 * environment's job, and nobody else does.
 */
export async function runEnvironment(
  ctx: Context,
  workshop: Workshop,
  environmentId: string,
  held: Held = unheld,
): Promise<void> {
  const afterLoss = (name: string) => {
    const executor = workshop.executors.get(name)
    return executor?.scope === 'outside' ? 'outside' : (executor?.after_loss ?? 'never')
  }
  let work = await claimDeployment(ctx, environmentId)
  if (!work && (await runApproved(ctx, workshop, environmentId)))
    work = await claimDeployment(ctx, environmentId)
  // Only what was in hand when the job came to us is lost. Later we may be the one who was given up for dead, and
  // what is in hand then is somebody else's.
  if (!work && (await takeUpLost(ctx, environmentId, afterLoss)))
    work = await claimDeployment(ctx, environmentId)
  while (work && (await runDeployment(ctx, workshop, work, held)))
    work = await claimDeployment(ctx, environmentId)
}

/** What was agreed to while nobody had it in hand. It is applied as it was planned then, or not at all. */
async function runApproved(ctx: Context, workshop: Workshop, environmentId: string): Promise<boolean> {
  const approved = await claimApproved(ctx, environmentId)
  if (!approved) return false
  const { work, planned } = approved
  const executor = workshop.executors.get(work.executor)
  const ended = executor
    ? await applyApproved(ctx, workshop, executor, work, planned)
    : await recordBreakage(ctx, work, planned, noExecutor(work))
  const ours = ended || (await stopDeployment(ctx, work))
  if (work.rolls_back !== null) await letGoOfHolds(ctx)
  return ours
}

/** What was kept of it may be worth nothing by now. */
async function applyApproved(
  ctx: Context,
  workshop: Workshop,
  executor: Executor,
  work: WorkInHand,
  planned: RecordedPlan,
): Promise<boolean> {
  const detail = isPlanner(executor) ? await whyStale(ctx, executor, work, planned.kept) : undefined
  if (detail === undefined) return apply(ctx, workshop, executor, work, planned)
  return endStale(ctx, work, planned.plan_id, detail)
}

function noExecutor({ executor }: WorkInHand) {
  return { code: 'no_executor', detail: `There is no executor named ${executor}.`, uncertain: false }
}

/** Brings a deployment to its end. False: it is not ours any more, and so neither is the environment. */
async function runDeployment(
  ctx: Context,
  workshop: Workshop,
  work: WorkInHand,
  held: Held,
): Promise<boolean> {
  const ours = await carryOut(ctx, workshop, work, held)
  if (work.rolls_back !== null) await letGoOfHolds(ctx)
  return ours
}

async function carryOut(ctx: Context, workshop: Workshop, claimed: WorkInHand, held: Held): Promise<boolean> {
  const executor = workshop.executors.get(claimed.executor)
  const work = executor?.never_unchanged ? forced(claimed) : claimed
  const planned = await plan(ctx, workshop, executor, work, held)
  if (planned && planned.to !== 'applying') return true
  const ended = planned && executor && (await apply(ctx, workshop, executor, work, planned))
  return ended || stopDeployment(ctx, work)
}

function forced(work: WorkInHand): WorkInHand {
  return { ...work, forced: true, task: { ...work.task, forced: true } }
}

/** An executor that cannot plan leaves an empty plan, which fails: the arrows know no other way. */
async function plan(
  ctx: Context,
  workshop: Workshop,
  executor: Executor | undefined,
  work: WorkInHand,
  held: Held,
): Promise<RecordedPlan | undefined> {
  if (!executor)
    return failPlanning(ctx, work, {
      failure_code: 'no_executor',
      failure_detail: `There is no executor named ${work.executor}.`,
    })
  try {
    if (isPlanner(executor)) return await planOutside(ctx, workshop, executor, work, held)
    const changes =
      executor.scope === 'store' ? await executor.plan(ctx.db, work.task) : await executor.plan(work.task)
    return await recordPlan(ctx, work, changes)
  } catch (error) {
    // A store that cannot be reached is no fault of this deployment: the job is tried again.
    if (isPassing(error)) throw error
    workshop.logger.error({ err: error, deployment: work.id }, 'an executor could not plan')
    const failure_detail = 'The executor could not plan it; the log says why.'
    return failPlanning(ctx, work, { failure_code: 'planning_failed', failure_detail })
  }
}

function isPlanner(executor: Executor): executor is Planner {
  return executor.scope === 'outside' && executor.makePlan !== undefined
}

async function apply(
  ctx: Context,
  workshop: Workshop,
  executor: Executor,
  work: WorkInHand,
  planned: RecordedPlan,
): Promise<boolean> {
  if (executor.scope === 'outside') return handOver(ctx, work, planned)
  try {
    return await applyInStore(ctx, work, planned, (tx, at) =>
      executor.apply(tx, work.task, { plan_id: planned.plan_id, at }),
    )
  } catch (error) {
    if (isPassing(error)) throw error
    workshop.logger.error({ err: error, deployment: work.id }, 'an executor broke')
    const detail = 'The executor broke and everything it did was taken back; the log says why.'
    return recordBreakage(ctx, work, planned, { code: 'executor_broke', detail, uncertain: false })
  }
}
