import type { Effect } from '#domain/effect.ts'
import { countChanges, planDigest, type Change } from '#domain/plan.ts'
import type { JsonObject } from '#store/columns.ts'
import { recordPlan as record, type PlanRecord } from '#store/deployment-plan-write.ts'
import { settleOnPlan } from '#store/infra-settled.ts'
import { transact, type Context } from '../context.ts'
import { countsOf } from '../logs/derive-lines.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import { failPlan, type PlanFailure } from './fail-plan.ts'
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
  /** What carries out exactly this plan, where it was made outside. */
  kept?: JsonObject | null
}

/** What a plan that was made outside has beside its changes. */
export interface MadeOutside {
  effects: readonly Effect[]
  /** Null: nothing had to be made, since nothing is to be done. */
  kept: JsonObject | null
  /** Somebody has to agree to it; why. */
  needs_approval?: string | undefined
}

interface Recording {
  /** Its gates have been asked, or have nothing to say. */
  cleared?: boolean
  made?: MadeOutside
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
  { cleared = false, made }: Recording = {},
): Promise<RecordedPlan | undefined> {
  const changes = await settleChanges(ctx.db, { ...work, live: work.task.live }, planned)
  const digest = planDigest(work.environment_id, changes)
  const stale = work.deploys_digest !== null && work.deploys_digest !== digest
  const plan_id = work.deploys_plan && !stale ? work.deploys_plan : ctx.newId()
  const plan = {
    deployment_id: work.id,
    attempt: work.attempt,
    plan_id,
    stored: plan_id === work.deploys_plan,
    digest,
    changes,
    counts: countChanges(changes),
    ...(made ? { made: outsideOf(made) } : {}),
  }
  const failure = stale ? stalePlan(work, plan_id) : refusalOf(work, changes)
  const to = failure
    ? await failPlan(ctx, work, plan, failure)
    : await keep(ctx, work, { ...plan, to: whereTo(work, changes), cleared })
  ctx.committed()
  return to ? { plan_id, changes, to, ...(made ? { kept: made.kept } : {}) } : undefined
}

function outsideOf({ effects, kept, needs_approval }: MadeOutside): NonNullable<PlanRecord['made']> {
  const asks = needs_approval !== undefined
  return { effects, kept, approvals_needed: asks ? 1 : 0, approval_reason: needs_approval ?? null }
}

/** In one statement where nothing keeps guard; where something does, its gates are asked. */
async function keep(
  ctx: Context,
  work: WorkInHand,
  plan: PlanRecord,
): Promise<RecordedPlan['to'] | undefined> {
  const asks = plan.to === 'applying' && !plan.cleared
  if (asks && plan.made && plan.made.approvals_needed > 0) return passGates(ctx, work, plan)
  // Where nobody was asked nothing was said, and one statement does.
  const said = plan.made && (plan.made.kept !== null || plan.attempt > 1)
  const ends = said && (plan.to === 'unchanged' || plan.to === 'planned')
  if (ends ? await endWith(ctx, work, plan) : await record(ctx.db, plan, stamp(ctx))) return plan.to
  return asks ? passGates(ctx, work, plan) : undefined
}

/** Its log has lines of its own, and so the last one; and a state that was just found as it should be is known as such. */
function endWith(ctx: Context, work: WorkInHand, plan: PlanRecord): Promise<boolean> {
  return transact(ctx, async (unit) => {
    if (!(await record(unit.tx, plan, stamp(ctx)))) return false
    if (plan.to === 'unchanged' && !work.task.selected)
      await settleOnPlan(unit.tx, work.environment_id, plan.plan_id)
    await noteWhereLogged(ctx, unit, work.id, `${plan.to}${countsOf(plan.counts)}`, { last: true })
    return true
  })
}

function whereTo(
  { dry_run, forced }: WorkInHand,
  changes: readonly Change[],
): 'applying' | 'planned' | 'unchanged' {
  if (dry_run) return 'planned'
  const idle = !forced && changes.every((change) => change.action === 'none' && !change.fault)
  return idle ? 'unchanged' : 'applying'
}

/** What may not be done at all keeps the rest from being done too. A dry run shows it. */
function refusalOf({ dry_run }: WorkInHand, changes: readonly Change[]): PlanFailure | undefined {
  const refused = changes.filter(({ fault }) => fault?.code === 'destroy_not_allowed')
  const [first] = refused
  if (dry_run || !first?.fault) return undefined
  const more = refused.length > 1 ? ` And ${refused.length - 1} more.` : ''
  const detail = `${first.key}: ${first.fault.reason}${more} Nothing was changed.`
  return { failure_code: 'destroy_not_allowed', failure_detail: detail }
}
