import type { Db } from '#store/database.ts'
import { recordOutcome, type OutcomeRecord } from '#store/deployment-outcome-write.ts'
import { listStaleKeys } from '#store/plan-staleness.ts'
import type { Context } from '../context.ts'
import { tryAgain } from '../try-again.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import type { RecordedPlan } from './record-plan.ts'
import { stalePlan } from './stale-plan.ts'

export interface Fault {
  key: string
  code: string
  reason: string
}

/** Thrown inside the transaction, so that it takes back what the executor wrote. */
class NotOurs extends Error {}
class Stale extends Error {}
class Stopped extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super('stopped by failed items')
    this.faults = faults
  }
}

/**
 * Applies a plan to our own store: what the executor writes, the result of each item, what is live, the state and the
 * event are one transaction. False: it was canceled or taken over meanwhile, and nothing was written.
 */
export async function applyInStore(
  ctx: Context,
  work: WorkInHand,
  plan: RecordedPlan,
  apply: (tx: Db, at: Date) => Promise<readonly Fault[]>,
): Promise<boolean> {
  const stamped = stamp(ctx)
  const record = (db: Db, faults: readonly Fault[]) =>
    recordOutcome(db, outcomeOf(work, plan, faults), stamped)
  let recorded: boolean
  try {
    recorded = await tryAgain(() =>
      ctx.db.transaction().execute(async (tx) => {
        if (await isStale(tx, work, plan)) throw new Stale()
        const planned = plan.changes.some((change) => change.fault)
        const faults = planned && stops(work) ? [] : await apply(tx, stamped.at)
        if (faults.length > 0 && stops(work)) throw new Stopped(faults)
        if (!(await record(tx, faults))) throw new NotOurs()
        return true
      }),
    )
  } catch (error) {
    if (error instanceof Stopped) recorded = await record(ctx.db, error.faults)
    else if (error instanceof NotOurs) recorded = false
    else if (error instanceof Stale)
      recorded = await recordOutcome(ctx.db, stalePlan(work, plan.plan_id), stamped)
    else throw error
  }
  ctx.committed()
  return recorded
}

/** Whether a plan that has to be applied as it is was true when it was compared, and is so no more. */
export async function isStale(
  db: Db,
  work: WorkInHand,
  { plan_id, approved = false }: RecordedPlan,
): Promise<boolean> {
  if (work.deploys_plan === null && !approved) return false
  return (await listStaleKeys(db, plan_id, work.environment_id)).length > 0
}

/** Ends an applying deployment that broke. What is `uncertain` may have been half done. */
export async function recordBreakage(
  ctx: Context,
  work: WorkInHand,
  plan: RecordedPlan,
  failure: { code: string; detail: string; uncertain: boolean },
): Promise<boolean> {
  const outcome: OutcomeRecord = {
    ...outcomeOf(work, plan, []),
    to: 'failed',
    uncertain: failure.uncertain,
    failure_code: failure.code,
    failure_detail: failure.detail,
    counts: {},
  }
  const recorded = await recordOutcome(ctx.db, outcome, stamp(ctx))
  ctx.committed()
  return recorded
}

/** Whether none of it is done where an item fails. */
export function stops({ on_item_failure }: WorkInHand): boolean {
  return on_item_failure === 'stop'
}

/** How it comes out with these faults beside those of the plan. */
export function outcomeOf(
  work: WorkInHand,
  { plan_id, changes }: RecordedPlan,
  met: readonly Fault[],
): OutcomeRecord {
  const metKeys = new Set(met.map((fault) => fault.key))
  const failed = changes.filter((change) => change.fault || metKeys.has(change.key))
  const done = changes.filter(
    (change) => change.action !== 'none' && !change.fault && !metKeys.has(change.key),
  )
  const stopped = failed.length > 0 && stops(work)
  const to = failed.length === 0 ? 'succeeded' : stopped || done.length === 0 ? 'failed' : 'partly_succeeded'
  return {
    deployment_id: work.id,
    attempt: work.attempt,
    plan_id,
    to,
    faults: met,
    uncertain: false,
    failure_code: to === 'succeeded' ? null : 'items_failed',
    failure_detail: to === 'succeeded' ? null : failureDetail(failed.length, changes.length, stopped),
    counts: {
      done: stopped ? 0 : done.length,
      unchanged: changes.filter((change) => change.action === 'none' && !change.fault && !change.conflict)
        .length,
      failed: failed.length,
      left: (stopped ? done.length : 0) + changes.filter((change) => change.conflict).length,
    },
  }
}

function failureDetail(failed: number, all: number, stopped: boolean): string {
  const count = `${failed} of ${all} items could not be deployed`
  return stopped ? `${count}; nothing was changed.` : `${count}.`
}
