import type { Change } from '#domain/plan.ts'
import type { DispatchRow } from '#store/dispatch.ts'
import type { JsonObject } from '#store/columns.ts'
import { recordOutcome, type OutcomeRecord } from '#store/deployment-outcome-write.ts'
import { unlockStatesOf } from '#store/infra-state.ts'
import { settleOnSuccess } from '#store/infra-settled.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { updateDispatch } from '#store/dispatch.ts'
import { moveRun } from '#store/run.ts'
import type { Context, Unit } from '../context.ts'
import { stamp } from '../deployments/claim-deployment.ts'
import { clearDriftIn } from '../drift/clear-drift.ts'
import { noteInLog } from '../logs/append-log.ts'
import { settleRunIn } from '../runs/settle-run.ts'
import type { Work } from './work.ts'

export interface ItemResult {
  key: string
  outcome: 'done' | 'failed'
  code?: string
  reason?: string
}

/** How it came out. `stopped`: it was asked to, and did. */
export interface End {
  to: 'succeeded' | 'failed' | 'stopped'
  code?: string
  detail?: string
  items?: readonly ItemResult[]
  /** Whether what was not done may have been half done. */
  uncertain: boolean
  result?: JsonObject
}

/**
 * Ends a deployment or a run that an executor had: its state, the results of its items, the dispatch, the last line of
 * its log; and the environment is free for the next. `work` was read under its lock in this transaction.
 */
export async function endWork(
  ctx: Context,
  unit: Unit,
  work: Work,
  dispatch: Pick<DispatchRow, 'id' | 'attempt'> | undefined,
  end: End,
): Promise<boolean> {
  const ended =
    work.kind === 'deployment' ? endDeployment(ctx, unit, work, end) : endRun(ctx, unit, work, end)
  const state = await ended
  if (state === undefined) return false
  if (work.plan?.kept || work.kind === 'drift') await unlockStatesOf(unit.tx, work.subject)
  if (dispatch) await updateDispatch(unit.tx, dispatch, { state: 'ended', ended_at: ctx.now() })
  const why = end.to === 'succeeded' ? '' : `: ${end.detail ?? end.code ?? 'nobody said why'}`
  await noteInLog(ctx, unit.tx, work.subject, `${state.replaceAll('_', ' ')}${why}`)
  unit.wake({ name: 'pack-log', data: { log_id: work.id } })
  return true
}

/** In which state it ended; undefined: it was not ours any more. */
async function endDeployment(ctx: Context, unit: Unit, work: Work, end: End): Promise<string | undefined> {
  const { plan, environment } = work
  if (!environment) throw new Error(`deployment ${work.id} has no environment`)
  if (!plan) return (await stopUnplanned(ctx, unit, work)) ? 'canceled' : undefined
  const outcome = outcomeOf(work, plan, end)
  if (!(await recordOutcome(unit.tx, outcome, stamp(ctx)))) return undefined
  unit.wake({ name: 'run-environment', data: { environment_id: environment.id } })
  if (outcome.to === 'succeeded') unit.wake({ name: 'promote', data: {} })
  if (outcome.to === 'succeeded' && plan.kept) {
    await settleOnSuccess(unit.tx, environment.id, work.id)
    await clearDriftIn(ctx, unit, { environment_id: environment.id, deployment_id: work.id })
  }
  return outcome.to
}

/** It was asked to stop before there was a plan: nothing was begun. */
async function stopUnplanned(ctx: Context, unit: Unit, work: Work): Promise<boolean> {
  const { id, attempt, project, environment } = work
  const move = { id, from: 'canceling', to: 'canceled', attempt, at: ctx.now() } as const
  if (!(await moveDeployment(unit.tx, move))) return false
  const about = { project_id: project.id, environment_id: environment!.id, subject_id: id }
  unit.record({ kind: 'deployment.canceled', ...about })
  unit.wake({ name: 'run-environment', data: { environment_id: environment!.id } })
  return true
}

function outcomeOf(work: Work, plan: NonNullable<Work['plan']>, end: End): OutcomeRecord {
  const { items = [] } = end
  const canceling = work.state === 'canceling'
  const faults = items
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ key, code = 'failed', reason = 'The executor says that it failed.' }) => ({ key, code, reason }))
  const failed = new Set([...faults.map(({ key }) => key), ...keysWithFault(plan.changes)])
  const toDo = plan.changes.filter(({ action, conflict }) => action !== 'none' && !conflict)
  const named = new Set(items.filter(({ outcome }) => outcome === 'done').map(({ key }) => key))
  const done = toDo.filter(({ key }) => !failed.has(key) && (end.to === 'succeeded' || named.has(key)))
  const to = stateOf(end, { canceling, failed: failed.size, done: done.length })
  const fine = to === 'succeeded'
  return {
    deployment_id: work.id,
    attempt: work.attempt,
    plan_id: plan.id,
    from: canceling ? 'canceling' : 'applying',
    to,
    faults,
    done: done.map(({ key }) => key),
    uncertain: end.uncertain || faults.length > 0,
    failure_code: fine ? null : (end.code ?? (to === 'canceled' ? null : 'items_failed')),
    failure_detail: fine ? null : (end.detail ?? `${failed.size} of ${plan.changes.length} items failed.`),
    counts: {
      done: done.length,
      unchanged: plan.changes.filter(
        ({ action, fault, conflict }) => action === 'none' && !fault && !conflict,
      ).length,
      failed: failed.size,
      left: toDo.filter(({ key }) => !failed.has(key)).length - done.length,
    },
  }
}

const keysWithFault = (changes: readonly Change[]) =>
  changes.filter(({ fault }) => fault).map(({ key }) => key)

/** The arrows know no way from canceling to partly succeeded: what was too late and not whole has failed. */
function stateOf(
  { to }: End,
  { canceling, failed, done }: { canceling: boolean; failed: number; done: number },
): OutcomeRecord['to'] {
  if (to === 'stopped') return canceling ? 'canceled' : 'failed'
  if (to === 'failed') return 'failed'
  if (failed === 0) return 'succeeded'
  return canceling || done === 0 ? 'failed' : 'partly_succeeded'
}

async function endRun(ctx: Context, unit: Unit, work: Work, end: End): Promise<string | undefined> {
  const canceling = work.state === 'canceling'
  const to = end.to === 'stopped' ? (canceling ? 'canceled' : 'failed') : end.to
  const failure =
    to === 'succeeded' ? undefined : { code: end.code ?? 'canceled', detail: end.detail ?? 'It was stopped.' }
  const moved = await moveRun(unit.tx, {
    id: work.id,
    from: canceling ? 'canceling' : 'running',
    to,
    attempt: work.attempt,
    at: ctx.now(),
    failure,
    result: end.result,
  })
  if (!moved) return undefined
  unit.record({
    kind: `run.${to}`,
    project_id: work.project.id,
    environment_id: work.environment?.id ?? null,
    subject_id: work.id,
    reason: failure?.detail ?? null,
    data: { kind: work.kind },
  })
  const { id, kind, candidate } = work
  if (kind !== 'deployment')
    await settleRunIn(ctx, unit, {
      ...{ id, kind, candidate_id: candidate?.id ?? null },
      failure: failure?.detail ?? null,
      result: end.result,
    })
  return to
}
