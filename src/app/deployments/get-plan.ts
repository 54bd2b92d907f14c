import { DomainError } from '#domain/errors.ts'
import { countChanges, type Change } from '#domain/plan.ts'
import { findPlan, findPlanOrigin, type PlanOrigin } from '#store/plan.ts'
import { listPlanEffects, type PlanEffectRow } from '#store/plan-effect.ts'
import { listStaleKeys } from '#store/plan-staleness.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf } from '../releases/release-view.ts'
import { getDeployment } from './get-deployment.ts'

/** A stored plan. What somebody has to know before it is deployed comes beside its changes. */
export interface PlanView extends Pick<
  PlanOrigin,
  | 'id'
  | 'digest'
  | 'environment_id'
  | 'release_id'
  | 'revision_id'
  | 'deployment_id'
  | 'rolls_back'
  | 'created_at'
> {
  /** Of each action, and of `faulty` ones. */
  counts: Record<string, number>
  /** Something else is live by now: deployed as it is, it would fail. */
  stale: boolean
  /** The changes that nothing can put back. */
  irreversible: Change[]
  faults: Change[]
  /** What somebody should know before. */
  warnings: Change[]
  conflicts: Change[]
  /** All, in the order in which they would be made. */
  changes: Change[]
  /** Why it asks for approval itself, where it does. */
  needs_approval: string | null
  /** What it does inside its items: the first so many, and one more where there are more. */
  effects: PlanEffectRow[]
}

/** How many of its effects come with a plan. */
export const effectsWithPlan = 100

/** The plan of a deployment, undefined while it has none. Throws `not_found`. */
export async function getPlan(
  ctx: Context,
  { deployment_id }: { deployment_id: string },
): Promise<PlanView | undefined> {
  const { plan_id } = await getDeployment(ctx, { deployment_id })
  const origin = plan_id === null ? undefined : await findPlanOrigin(ctx.db, plan_id)
  return origin && viewPlan(ctx, origin)
}

/** A plan by its own id. Throws `not_found`, also where the caller may not read the project. */
export async function getPlanById(ctx: Context, { plan_id }: { plan_id: string }): Promise<PlanView> {
  const named = { what: 'plan' as const, id: plan_id }
  const origin = await findPlanOrigin(ctx.db, plan_id)
  if (!origin) throw new DomainError('not_found', named)
  const { project_id, environment_id, release_branch } = origin
  const place = { ...placeOf({ project_id, branch: release_branch }), environment_id }
  authorizeNamed(ctx, 'deployment.read', place, named)
  return viewPlan(ctx, origin)
}

async function viewPlan(ctx: Context, origin: PlanOrigin): Promise<PlanView> {
  const { id, environment_id } = origin
  const [plan, staleKeys, effects] = await Promise.all([
    findPlan(ctx.db, id),
    listStaleKeys(ctx.db, id, environment_id),
    listPlanEffects(ctx.db, id, { limit: effectsWithPlan + 1 }),
  ])
  const changes = plan?.changes ?? []
  return {
    ...origin,
    counts: countChanges(changes),
    stale: staleKeys.length > 0,
    irreversible: changes.filter((change) => change.undo === 'impossible'),
    faults: changes.filter((change) => change.fault),
    warnings: changes.filter((change) => change.warning),
    conflicts: changes.filter((change) => change.conflict),
    changes,
    needs_approval: plan?.approval_reason ?? null,
    effects,
  }
}
