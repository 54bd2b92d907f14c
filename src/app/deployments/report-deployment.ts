import { DomainError } from '#domain/errors.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { planChanges } from '#domain/plan.ts'
import { leavesUncertain, reportedStatuses, type ReportedStatus } from '#domain/reported-status.ts'
import { lockForReport, recordReport, type ReportableDeployment } from '#store/deployment-report-write.ts'
import { listLiveForRevision } from '#store/live.ts'
import { authorizeNamed } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { reportDispatchIn } from '../dispatches/report-dispatch.ts'
import { taskOf } from './claim-deployment.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  type DeploymentView,
} from './deployment-view.ts'
import { endInCaller, keepPlan } from './end-in-caller.ts'
import { tellDespite } from './tell-despite.ts'

export interface DeploymentReport {
  deployment_id: string
  status: ReportedStatus
  /** What went wrong, where something did. */
  detail?: string
}

/**
 * Takes down what the caller of a caller-driven deployment says of it: a fact, in any order, which no gate stops. What
 * succeeded is live; what failed after it was begun is uncertain. Of one that the engine drives it is the report of
 * whoever its executor handed it to. Throws `not_found`, `not_possible_now` where nobody outside has it.
 */
export async function reportDeployment(
  ctx: Context,
  { deployment_id, ...report }: DeploymentReport,
): Promise<DeploymentView> {
  const asked = await requireDeployment(ctx.db, deployment_id)
  const named = { what: 'deployment' as const, id: deployment_id }
  authorizeNamed(ctx, 'deployment.request', placeOfDeployment(asked), named)
  await transact(ctx, (unit) => reportDeploymentIn(ctx, unit, { deployment_id, ...report }))
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}

/** Inside a transaction, its caller authorised. */
export async function reportDeploymentIn(
  ctx: Context,
  unit: Unit,
  { deployment_id, status, detail }: DeploymentReport,
): Promise<void> {
  const row = await lockForReport(unit.tx, deployment_id)
  if (!row) throw new DomainError('not_found', { what: 'deployment', id: deployment_id })
  if (row.driver !== 'caller') {
    const report = { deployment_id, state: asDispatched[status], reason: detail }
    return reportDispatchIn(ctx, unit, report)
  }
  if (row.reported === status && row.state === reportedStatuses[status]) return
  if (status === 'in_progress' || status === 'success') await tellDespite(ctx, unit, row)
  await takeDown(ctx, unit, row, status, detail)
}

/** What the words of a caller are where an executor of ours handed the work to somebody outside. */
const asDispatched = {
  pending: 'running',
  in_progress: 'running',
  canceling: 'running',
  unknown: 'running',
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  canceled: 'canceled',
} as const satisfies Record<ReportedStatus, string>

/** What is said of a caller-driven deployment whose row the caller holds. */
export async function takeDown(
  ctx: Context,
  unit: Unit,
  row: ReportableDeployment,
  status: ReportedStatus,
  detail: string | undefined,
): Promise<void> {
  const { id, project_id, environment_id, reported } = row
  const state = reportedStatuses[status]
  const said = { id, reported: status, at: ctx.now(), begun: status !== 'pending' && status !== 'canceled' }
  const uncertain = leavesUncertain(reported, status)
  if (state !== 'succeeded' && !uncertain) {
    await recordReport(unit.tx, { ...said, state, ends: isFinal(state) })
    const kind = state === 'canceled' ? 'deployment.canceled' : 'deployment.reported'
    const about = { project_id, environment_id, subject_id: id }
    unit.record({ kind, ...about, reason: detail ?? null, data: { reported: status } })
    return
  }
  const live = await listLiveForRevision(unit.tx, environment_id, row.revision_id, row.scope)
  // Whoever reports that they deployed it did, whatever was there before.
  const changes = planChanges({
    ...taskOf({ ...row, executor: 'none' }, live),
    forced: true,
  })
  const plan_id = await keepPlan(ctx, unit, { ...row, changes })
  await recordReport(unit.tx, { ...said, state: 'applying', plan_id, ends: false })
  await endInCaller(ctx, unit, plan_id, {
    ...{ ...row, from: 'applying', changes, uncertain },
    to: state === 'succeeded' || state === 'canceled' ? state : 'failed',
    ...(state === 'failed' && { failure: { code: status, detail: detail ?? sayReported(status) } }),
  })
}

/** What is said to have gone wrong where whoever reported it did not say. */
export function sayReported(status: ReportedStatus): string {
  return `It was reported as ${status}.`
}
