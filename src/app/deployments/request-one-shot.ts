import { upsertReleaseItems } from '#store/release-item.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { createReleaseIn } from '../releases/create-release.ts'
import { pinItems, type ItemRequest } from '../releases/pin-items.ts'
import { holdRelease, placeOf } from '../releases/release-view.ts'
import type { DeploymentView } from './deployment-view.ts'
import { authorizeRequest, requestDeploymentsIn, type DeploymentTerms } from './request-deployments.ts'

export interface OneShotRequest extends DeploymentTerms {
  project_id: string
  branch: string | null
  environment_ids: readonly string[]
  items: readonly ItemRequest[]
}

/**
 * Publishing or unpublishing directly: a deployment of an unnamed release made for it, with the same gates, plan and
 * events. Throws what addReleaseItems and requestDeployments throw.
 */
export function requestOneShot(ctx: Context, request: OneShotRequest): Promise<DeploymentView[]> {
  return transact(ctx, (unit) => requestOneShotIn(ctx, unit, request))
}

/** Inside a caller's transaction. */
export async function requestOneShotIn(
  ctx: Context,
  unit: Unit,
  request: OneShotRequest,
): Promise<DeploymentView[]> {
  const { project_id, branch, items, ...terms } = request
  authorizeRequest(ctx, placeOf({ project_id, branch }), request.environment_ids)
  const made = await createReleaseIn(ctx, unit, { project_id, branch, name: '', one_shot: true })
  const pinned = await pinItems(unit.tx, { project_id, branch }, items)
  await upsertReleaseItems(unit.tx, made.id, pinned, ctx.now())
  const release = await holdRelease(unit.tx, project_id, made.id)
  return requestDeploymentsIn(ctx, unit, release, { ...terms, project_id, release_id: made.id })
}
