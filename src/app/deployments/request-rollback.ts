import { readContentKey } from '#domain/content-key.ts'
import { DomainError } from '#domain/errors.ts'
import { chooseRollback, type DoneItem, type RollbackConflict } from '#domain/rollback.ts'
import { findDeployment, findNewestEffective, type NamedDeployment } from '#store/deployment.ts'
import { listDoneItems } from '#store/deployment-item.ts'
import { findEnvironment } from '#store/environment.ts'
import { listLiveForDeployment } from '#store/live.ts'
import { upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { createReleaseIn } from '../releases/create-release.ts'
import { holdRelease } from '../releases/release-view.ts'
import type { DeploymentView } from './deployment-view.ts'
import { requestDeploymentsIn } from './request-deployments.ts'

export interface RollbackRequest {
  environment_id: string
  /** The newest effective one that has not been put back yet when left out. */
  deployment_id?: string
  reason?: string
  dry_run?: boolean
  /** `continue` puts back what can be where an item cannot, such as one that was deleted since. */
  on_item_failure?: 'stop' | 'continue'
}

/**
 * Puts a deployment back by a new revision: each item as it was before, or unpublished where it was not there. Items
 * that something else changed since are conflicts: listed, and left. Throws `not_found`, `not_possible_now`,
 * `nothing_to_roll_back`.
 */
export async function requestRollback(
  ctx: Context,
  request: RollbackRequest,
): Promise<{ deployment: DeploymentView; conflicts: RollbackConflict[] }> {
  const { environment_id, deployment_id: _, ...terms } = request
  const environment = await findEnvironment(ctx.db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { project_id } = environment
  const here = { project_id, environment_id }
  authorize(ctx, 'deployment.roll_back', here)
  const target = await findTarget(ctx, request)

  return transact(ctx, async (unit) => {
    const done = await listDoneItems(unit.tx, target.id)
    const live = await listLiveForDeployment(unit.tx, environment_id, target.id)
    for (const branch of branchesOf(target, done)) authorize(ctx, 'deployment.roll_back', { ...here, branch })
    const { items, conflicts } = chooseRollback(done, live)
    if (items.length === 0)
      throw new DomainError('nothing_to_roll_back', { deployment_id: target.id, conflicts })
    const made = await createReleaseIn(ctx, unit, {
      project_id,
      branch: target.release_branch,
      name: `Rollback of ${target.release_name || 'a direct deployment'}`,
      one_shot: true,
    })
    await upsertReleaseItems(unit.tx, made.id, items, ctx.now())
    const release = await holdRelease(unit.tx, project_id, made.id)
    const [deployment] = await requestDeploymentsIn(ctx, unit, release, {
      project_id,
      release_id: made.id,
      environment_ids: [environment_id],
      rolls_back: target.id,
      ...terms,
    })
    return { deployment: deployment!, conflicts }
  })
}

/** Where what it did belongs: an item of a release without a branch says so by its own key. */
function branchesOf({ release_branch }: NamedDeployment, done: readonly DoneItem[]): Set<string> {
  const keyed = done.flatMap(({ key }) => readContentKey(key)?.branch ?? [])
  return new Set(release_branch === null ? keyed : [release_branch, ...keyed])
}

async function findTarget(
  ctx: Context,
  { environment_id, deployment_id }: RollbackRequest,
): Promise<NamedDeployment> {
  const found = deployment_id
    ? await findDeployment(ctx.db, deployment_id)
    : await findNewestEffective(ctx.db, environment_id)
  if (found?.environment_id !== environment_id)
    throw new DomainError('not_found', { what: 'deployment', id: deployment_id ?? 'one to roll back' })
  if (found.state !== 'succeeded' && found.state !== 'partly_succeeded')
    throw new DomainError('not_possible_now', {
      what: 'deployment',
      id: found.id,
      state: found.state,
      action: 'roll back',
    })
  return found
}
