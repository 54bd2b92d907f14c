import { blocksApplying, blocksStart } from '#domain/gates.ts'
import { findDeployment, lockDeployment, type NamedDeployment } from '#store/deployment.ts'
import { recordPlan, type PlanRecord } from '#store/deployment-plan-write.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context } from '../context.ts'
import { countsOf } from '../logs/derive-lines.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/**
 * Where a deployment goes with its plan when something keeps guard: on, to wait for approval, or back into the queue
 * where a gate was shut while it was planned. Undefined: it is not ours any more.
 */
export function passGates(
  ctx: Context,
  { id, attempt, project_id, environment_id }: WorkInHand,
  plan: PlanRecord,
): Promise<'applying' | 'awaiting_approval' | 'queued' | undefined> {
  return transact(ctx, async (unit) => {
    const held = await lockDeployment(unit.tx, id)
    if (held?.state !== 'planning' || held.attempt !== attempt) return undefined
    const named = (await findDeployment(unit.tx, id))!
    const subject = { ...subjectOf(named), plan_digest: plan.digest, ...askedBy(named, plan) }
    const [facts] = await loadGateFacts(unit.tx, [subject], ctx.now())
    const shut = blocksStart(facts!)
    if (shut.length > 0) {
      await moveDeployment(unit.tx, { id, from: 'planning', to: 'queued', attempt, at: ctx.now() })
      const reason = shut.map(({ detail }) => detail).join(' ')
      unit.record({ kind: 'deployment.requeued', project_id, environment_id, subject_id: id, reason })
      await noteWhereLogged(ctx, unit, id, `queued again: ${reason}`)
      return 'queued'
    }
    const to = blocksApplying(facts!).length > 0 ? 'awaiting_approval' : 'applying'
    if (!(await recordPlan(unit.tx, { ...plan, to, cleared: true }, stamp(ctx)))) return undefined
    if (to === 'awaiting_approval') {
      const why = plan.made?.approval_reason ? `: ${plan.made.approval_reason}` : ''
      await noteWhereLogged(ctx, unit, id, `planned${countsOf(plan.counts)}, awaiting approval${why}`)
      const { approval_expires_at } = (await lockDeployment(unit.tx, id))!
      if (approval_expires_at) unit.wake({ name: 'admit-deployments', data: {}, after: approval_expires_at })
    }
    return to
  })
}

/** By its environment, and by this plan itself: what it had before asks for nothing any more. */
function askedBy({ environment_approvals }: NamedDeployment, { made }: PlanRecord) {
  return {
    approvals_needed: Math.max(environment_approvals, made?.approvals_needed ?? 0),
    approval_reason: made?.approval_reason ?? null,
  }
}
