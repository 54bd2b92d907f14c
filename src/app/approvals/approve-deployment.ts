import { cannotApprove } from '#domain/approval.ts'
import { DomainError } from '#domain/errors.ts'
import { blocksApplying } from '#domain/gates.ts'
import { upsertApproval } from '#store/approval.ts'
import { findDeployment, lockDeployment, type NamedDeployment } from '#store/deployment.ts'
import { authorizeNamed } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  type DeploymentView,
} from '../deployments/deployment-view.ts'
import { loadGateFacts, subjectOf } from '../deployments/gate-facts.ts'
import { letGoOnIn } from '../deployments/revisit-waiting.ts'
import { requireVersion } from '../require-version.ts'

export interface Answer {
  deployment_id: string
  /** Of the plan that was looked at. */
  plan_digest: string
  reason?: string
  /** The deployment's, as the caller saw it. */
  version?: number
}

/**
 * Agrees to a plan. All gates are looked at again: when enough have agreed and all are open, it goes on; where one is
 * shut it waits on, or is refused and nothing is kept, as its request said. Doing it twice counts once.
 * Throws `not_found`, `forbidden` (the author, an agent, nobody's token), `not_possible_now`, `plan_stale`, `blocked`.
 */
export async function approveDeployment(ctx: Context, answer: Answer): Promise<DeploymentView> {
  const { deployment_id } = answer
  await authorizeAnswer(ctx, 'deployment.approve', deployment_id)
  await transact(ctx, async (unit) => {
    const deployment = await holdAnswerable(ctx, unit, answer, 'approve')
    const { id, project_id, environment_id, state } = deployment
    await recordVoice(ctx, unit, deployment, answer, 'approved')
    const [facts] = await loadGateFacts(unit.tx, [subjectOf(deployment)], ctx.now())
    const { given = 0, needed = 0 } = facts!.approval ?? {}
    const about = { project_id, environment_id, subject_id: id, reason: answer.reason ?? null }
    unit.record({
      kind: 'approval.given',
      ...about,
      data: { plan_digest: answer.plan_digest, given, needed },
    })
    if (state !== 'awaiting_approval') return
    const shut = blocksApplying(facts!)
    const others = shut.filter(({ code }) => code !== 'approval')
    if (others.length > 0 && deployment.when_shut === 'refuse')
      throw new DomainError('blocked', { blockers: others })
    if (shut.length === 0) await letGoOnIn(ctx, unit, deployment)
  })
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}

/** Also that the caller's voice counts: to agree, an author's, an agent's and nobody's do not. */
export async function authorizeAnswer(
  ctx: Context,
  action: 'deployment.approve' | 'deployment.reject',
  deployment_id: string,
): Promise<void> {
  const asked = await requireDeployment(ctx.db, deployment_id)
  authorizeNamed(ctx, action, placeOfDeployment(asked), { what: 'deployment', id: deployment_id })
  // Anybody who may say no is heard: only agreeing takes another person.
  if (action === 'deployment.reject') return
  const detail = cannotApprove(ctx.principal, asked.requested_by)
  if (detail !== undefined) throw new DomainError('forbidden', { action, detail })
}

/** Held, so that two who answer at once come one after the other. Throws `not_possible_now`, `plan_stale`. */
export async function holdAnswerable(
  ctx: Context,
  unit: Unit,
  { deployment_id, plan_digest, version }: Answer,
  action: 'approve' | 'reject',
): Promise<NamedDeployment> {
  const held = await lockDeployment(unit.tx, deployment_id)
  const row = held && (await findDeployment(unit.tx, deployment_id))
  if (!row) throw new DomainError('not_found', { what: 'deployment', id: deployment_id })
  requireVersion('deployment', row, version)
  const { id, state } = row
  // What waits for its time can be agreed to ahead, as it is planned now.
  const possible =
    state === 'awaiting_approval' ||
    (action === 'approve' && state === 'requested' && row.approvals_needed > 0 && !row.dry_run)
  if (!possible || row.plan_id === null)
    throw new DomainError('not_possible_now', { what: 'deployment', id, state, action })
  // Its time is over, though nobody has come by to say so yet.
  if (action === 'approve' && row.approval_expires_at && row.approval_expires_at <= ctx.now())
    throw new DomainError('not_possible_now', { what: 'deployment', id, state: 'expired', action })
  if (row.plan_digest !== plan_digest) throw new DomainError('plan_stale', { plan_id: row.plan_id })
  return row
}

export async function recordVoice(
  ctx: Context,
  unit: Unit,
  { id }: NamedDeployment,
  { plan_digest, reason }: Answer,
  verdict: 'approved' | 'rejected',
): Promise<void> {
  const user_id = authorIn(ctx)
  if (user_id === null) return
  await upsertApproval(unit.tx, {
    ...{ deployment_id: id, plan_digest, user_id, verdict },
    ...{ reason: reason ?? null, at: ctx.now() },
  })
}
