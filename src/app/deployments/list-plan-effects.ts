import { DomainError } from '#domain/errors.ts'
import { findPlanOrigin } from '#store/plan.ts'
import { listPlanEffects as list, type PlanEffectRow } from '#store/plan-effect.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf } from '../releases/release-view.ts'

/** What a stored plan does inside its items, after a position. Throws `not_found`, as the plan itself does. */
export async function listPlanEffects(
  ctx: Context,
  { plan_id, ...page }: { plan_id: string; limit: number; after?: number | undefined },
): Promise<PlanEffectRow[]> {
  const named = { what: 'plan' as const, id: plan_id }
  const origin = await findPlanOrigin(ctx.db, plan_id)
  if (!origin) throw new DomainError('not_found', named)
  const { project_id, environment_id, release_branch } = origin
  const place = { ...placeOf({ project_id, branch: release_branch }), environment_id }
  authorizeNamed(ctx, 'deployment.read', place, named)
  return list(ctx.db, plan_id, page)
}
