import { listDeployments as rows, type DeploymentFilter } from '#store/deployment.ts'
import { listDeploymentItems as itemRows, type DeploymentItemRow } from '#store/deployment-item.ts'
import { findPlan } from '#store/plan.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  viewDeployments,
  type DeploymentView,
} from './deployment-view.ts'

/** Throws `not_found`. */
export async function getDeployment(
  ctx: Context,
  { deployment_id }: { deployment_id: string },
): Promise<DeploymentView> {
  const row = await requireDeployment(ctx.db, deployment_id)
  const named = { what: 'deployment' as const, id: deployment_id }
  authorizeNamed(ctx, 'deployment.read', placeOfDeployment(row), named)
  return viewDeployment(ctx.db, row, ctx.now())
}

/** Newest first, after `before`; those of other environments or branches than the caller's are left out. */
export async function listDeployments(
  ctx: Context,
  {
    limit,
    before,
    ...filter
  }: Omit<DeploymentFilter, 'environment_ids' | 'branches'> & { limit: number; before?: string },
): Promise<DeploymentView[]> {
  const { project_id, environment_id } = filter
  authorize(ctx, 'deployment.read', { project_id, ...(environment_id ? { environment_id } : {}) })
  const { environment_ids, branches } = ctx.principal ?? {}
  const seen = { ...filter, ...(environment_ids && { environment_ids }), ...(branches && { branches }) }
  const found = await rows(ctx.db, seen, { limit, ...(before === undefined ? {} : { before }) })
  return viewDeployments(ctx.db, found, ctx.now())
}

/** What became of each change, in the plan's order, after a position; empty until it has ended. Throws `not_found`. */
export async function listDeploymentItems(
  ctx: Context,
  { deployment_id, ...page }: { deployment_id: string; limit?: number; after?: number },
): Promise<DeploymentItemRow[]> {
  const { state, plan_id } = await getDeployment(ctx, { deployment_id })
  if (state !== 'unchanged' || !plan_id) return itemRows(ctx.db, deployment_id, page)
  // Where nothing was to be done, the plan says it all.
  const plan = await findPlan(ctx.db, plan_id)
  const { after: from = 0, limit } = page
  const changes = (plan?.changes ?? []).slice(from, limit === undefined ? undefined : from + limit)
  return changes.map(({ key, kind, title, action, before, after, conflict }, index) => ({
    deployment_id,
    position: from + index + 1,
    item_key: key,
    kind,
    title,
    action,
    before,
    after,
    outcome: conflict ? 'left' : 'unchanged',
    code: conflict ? 'conflict' : null,
    reason: conflict?.reason ?? null,
    uncertain: false,
  }))
}
