import { DomainError } from '#domain/errors.ts'
import { follow } from '#domain/lifecycle.ts'
import { may } from '#domain/principal.ts'
import { lockDeployment, type DeploymentRow, type NamedDeployment } from '#store/deployment.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { findDispatch } from '#store/dispatch.ts'
import { authorizeNamed } from '../authorize.ts'
import { actorIn, transact, type Context, type Unit } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { requireVersion } from '../require-version.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  type DeploymentView,
} from './deployment-view.ts'

/**
 * Cancels at once what has not started; what is planning or applying is asked to stop, and may be too far.
 * One's own is a releaser's to cancel, any other an approver's. Throws `not_found`, `not_possible_now`,
 * `version_conflict`.
 */
export async function cancelDeployment(
  ctx: Context,
  { deployment_id, reason, version }: { deployment_id: string; reason?: string; version?: number },
): Promise<DeploymentView> {
  const deployment = await requireDeployment(ctx.db, deployment_id)
  authorizeCancel(ctx, deployment)
  await transact(ctx, async (unit) => {
    const held = version === undefined ? undefined : await lockDeployment(unit.tx, deployment_id)
    if (held) requireVersion('deployment', held, version)
    await cancelDeploymentIn(ctx, unit, deployment, reason)
  })
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}

/** Whoever may cancel any may cancel their own. A token that belongs to nobody owns what it asked for itself. */
export function authorizeCancel(ctx: Context, asked: NamedDeployment): void {
  const { principal } = ctx
  const target = placeOfDeployment(asked)
  if (principal === null || may(principal, 'deployment.cancel_any', target)) return
  const own =
    (asked.requested_by !== null && asked.requested_by === principal.user_id) ||
    (asked.requested_by_token !== null && asked.requested_by_token === principal.token_id)
  const action = own ? 'deployment.cancel_own' : 'deployment.cancel_any'
  authorizeNamed(ctx, action, target, { what: 'deployment', id: asked.id })
}

/** Inside a caller's transaction; the caller authorises. */
export async function cancelDeploymentIn(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id, ...seen }: DeploymentRow,
  reason?: string,
): Promise<void> {
  // Held, or the engine could move it between our look and our move, and we would refuse what can be canceled.
  const held = (await lockDeployment(unit.tx, id)) ?? { ...seen, id, project_id, environment_id }
  const { state } = held
  if (state === 'queued' && (await cancelHandedOut(ctx, unit, held, reason))) return
  const to = follow(state, 'cancel')
  const moved = to && (await moveDeployment(unit.tx, { id, from: state, to, at: ctx.now() }))
  if (!moved) throw new DomainError('not_possible_now', { what: 'deployment', id, state, action: 'cancel' })
  const kind = to === 'canceled' ? 'deployment.canceled' : 'deployment.cancel_requested'
  unit.record({ kind, project_id, environment_id, subject_id: id, reason: reason ?? null })
  if (to === 'canceled')
    await noteWhereLogged(ctx, unit, id, reason ? `canceled: ${reason}` : 'canceled', { last: true })
  // Its hold goes with it.
  if (to === 'canceled' && held.rolls_back !== null) unit.wake({ name: 'admit-deployments', data: {} })
  // It held the environment while it waited.
  if (state === 'awaiting_approval') unit.wake({ name: 'run-environment', data: { environment_id } })
  // What waits for the outside is in nobody's hands.
  if (state === 'applying') unit.wake({ name: 'run-executor', data: { deployment_id: id } })
}

/**
 * Of one that was lost, and waits to be planned anew, somebody outside may have taken what it was to do: nothing of it
 * is certain any more. False: nothing of it was handed out.
 */
async function cancelHandedOut(
  ctx: Context,
  unit: Unit,
  { id, attempt, plan_id }: DeploymentRow,
  reason: string | undefined,
): Promise<boolean> {
  const begun = attempt > 0 && plan_id !== null && (await findDispatch(unit.tx, { deployment_id: id }))
  if (!begun) return false
  const stamp = { event_id: ctx.newId(), at: ctx.now(), actor: actorIn(ctx) }
  const canceled = await recordOutcome(
    unit.tx,
    {
      ...{ deployment_id: id, attempt, plan_id, from: 'queued', to: 'canceled', faults: [], counts: {} },
      ...{ uncertain: true, failure_code: null, failure_detail: reason ?? null },
    },
    stamp,
  )
  // What was handed out is over with it.
  unit.wake({ name: 'run-executor', data: { deployment_id: id } })
  return canceled
}
