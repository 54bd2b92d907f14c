import { countChanges, planDigest, type Change } from '#domain/plan.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { recordPlan as record, type PlanRecord } from '#store/deployment-write.ts'
import type { Context } from '../context.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import { passGates } from './pass-gates.ts'
import { settleChanges } from './settle-changes.ts'
import { stalePlan } from './stale-plan.ts'

export interface RecordedPlan {
  plan_id: string
  changes: readonly Change[]
  /**
   * `failed`: it was to apply another plan than this one. `queued`: a gate was shut meanwhile, and nothing is kept.
   */
  to: 'applying' | 'awaiting_approval' | 'queued' | 'planned' | 'unchanged' | 'failed'
  /** It was agreed to a while ago, and has to be true still. */
  approved?: boolean
}

/**
 * Stores what a deployment would change and moves it on: to applying, to where it waits for approval or for a gate, or
 * to its end where it was only to be planned or nothing is to be done. One that has to apply a stored plan fails unless this is that plan.
 * Undefined: it was canceled or taken over meanwhile.
 */
export async function recordPlan(
  ctx: Context,
  work: WorkInHand,
  planned: readonly Change[],
  { cleared = false }: { cleared?: boolean } = {},
): Promise<RecordedPlan | undefined> {
  const changes = await settleChanges(ctx.db, { ...work, live: work.task.live }, planned)
  const digest = planDigest(work.environment_id, changes)
  const stale = work.deploys_digest !== null && work.deploys_digest !== digest
  const plan_id = work.deploys_plan && !stale ? work.deploys_plan : ctx.newId()
  const to = stale ? 'failed' : whereTo(work, changes)
  const plan = {
    deployment_id: work.id,
    attempt: work.attempt,
    plan_id,
    stored: plan_id === work.deploys_plan,
    digest,
    changes,
    counts: countChanges(changes),
  }
  const went =
    to === 'failed' ? await failStale(ctx, work, plan) : await keep(ctx, work, { ...plan, to, cleared })
  ctx.committed()
  return went ? { plan_id, changes, to: went } : undefined
}

/** In one statement where nothing keeps guard; where something does, its gates are asked. */
async function keep(
  ctx: Context,
  work: WorkInHand,
  plan: PlanRecord,
): Promise<RecordedPlan['to'] | undefined> {
  if (await record(ctx.db, plan, stamp(ctx))) return plan.to
  return plan.to === 'applying' && !plan.cleared ? passGates(ctx, work, plan) : undefined
}

function whereTo(
  { dry_run, forced }: WorkInHand,
  changes: readonly Change[],
): 'applying' | 'planned' | 'unchanged' {
  if (dry_run) return 'planned'
  const idle = !forced && changes.every((change) => change.action === 'none' && !change.fault)
  return idle ? 'unchanged' : 'applying'
}

/** Planned and failed at once: a process that died in between would leave what was never touched in doubt. */
function failStale(
  ctx: Context,
  work: WorkInHand,
  plan: Omit<PlanRecord, 'to' | 'cleared'>,
): Promise<'failed' | undefined> {
  return ctx.db.transaction().execute(async (tx) => {
    if (!(await record(tx, { ...plan, to: 'applying', cleared: true }, stamp(ctx)))) return undefined
    return (await recordOutcome(tx, stalePlan(work, plan.plan_id), stamp(ctx))) ? 'failed' : undefined
  })
}
