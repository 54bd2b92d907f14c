import { DomainError, invalidField } from '#domain/errors.ts'
import { findPlanOrigin, type PlanOrigin } from '#store/plan.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { holdRelease, placeOf } from '../releases/release-view.ts'
import { admitRequest } from './admit-request.ts'
import { requireReady } from './candidate-for.ts'
import type { DeploymentView } from './deployment-view.ts'
import { placeDeployments } from './place-deployments.ts'
import type { DeploymentTerms } from './request-deployments.ts'

export interface PlanRequest extends Omit<
  DeploymentTerms,
  'forced' | 'rolls_back' | 'retries' | 'deploys_plan' | 'refresh' | 'allow_destroy' | 'source_commit'
> {
  project_id: string
  environment_id: string
  plan_id: string
}

/**
 * Deploys a stored plan as it is: when its turn comes it is planned anew, and fails with plan_stale, having changed
 * nothing, unless that gives the very same plan. The plan of a rollback is deployed as that rollback.
 * Throws `not_found`, `invalid` (field `plan`: not a plan for here), `blocked`.
 */
export async function deployPlan(ctx: Context, request: PlanRequest): Promise<DeploymentView> {
  const { project_id, environment_id, plan_id, ...terms } = request
  const plan = await findPlanOrigin(ctx.db, plan_id)
  if (!plan) throw new DomainError('not_found', { what: 'plan', id: plan_id })
  const place = { ...placeOf({ project_id: plan.project_id, branch: plan.release_branch }), environment_id }
  const action = plan.rolls_back === null ? 'deployment.request' : 'deployment.roll_back'
  authorizeNamed(ctx, action, place, { what: 'plan', id: plan_id })
  if (plan.allow_destroy) authorize(ctx, 'deployment.allow_destroy', { project_id, environment_id })
  requireHere(plan, request)
  return transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, project_id, plan.release_id)
    const { rolls_back, forced, selected_keys, refresh, allow_destroy, source_commit } = plan
    const made = { forced, refresh, allow_destroy, ...(source_commit === null ? {} : { source_commit }) }
    const kept = { ...terms, ...made, deploys_plan: plan.id, ...(rolls_back === null ? {} : { rolls_back }) }
    const asked = { ...kept, project_id, release_id: release.id, environment_ids: [environment_id] }
    if (release.project_kind === 'code') await requireReady(unit, plan.revision_id)
    const revision = { id: plan.revision_id, digest: plan.revision_digest, selected_keys }
    const admission = await admitRequest(ctx, unit, release, revision, asked)
    const [deployment] = await placeDeployments(ctx, unit, { release, revision, admission }, kept)
    return deployment!
  })
}

function requireHere(plan: PlanOrigin, { project_id, environment_id }: PlanRequest): void {
  if (plan.project_id !== project_id) throw invalidField('plan', 'invalid', 'is a plan of another project')
  if (plan.environment_id !== environment_id)
    throw invalidField('plan', 'invalid', `is a plan for ${plan.environment_name}; plan it here`)
  if (plan.release_removed) throw invalidField('plan', 'invalid', 'is a plan of a release that was removed')
}
