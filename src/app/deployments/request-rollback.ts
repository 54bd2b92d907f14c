import { DomainError, invalidField } from '#domain/errors.ts'
import { allowedActions } from '#domain/lifecycle.ts'
import { isAhead } from '#domain/hold.ts'
import type { RollbackConflict } from '#domain/rollback.ts'
import { findDeployment, type NamedDeployment } from '#store/deployment.ts'
import { findNewestBegun } from '#store/environment-history.ts'
import { findEnvironment } from '#store/environment.ts'
import { findNewestEffective } from '#store/newest-effective.ts'
import { findProject } from '#store/project.ts'
import { upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { putBackInfra } from '../infra/put-back-infra.ts'
import { createReleaseIn } from '../releases/create-release.ts'
import { holdRelease } from '../releases/release-view.ts'
import { remainsOf, type DeploymentView } from './deployment-view.ts'
import { requestDeploymentsIn, type DeploymentTerms } from './request-deployments.ts'
import {
  cancelForRollback,
  findCandidateToRestore,
  nothingBefore,
  putBackCodeIn,
  ranBefore,
} from './roll-back-code.ts'
import { whatToPutBack } from './what-to-put-back.ts'

/**
 * With `due_at` it is planned when it is asked for, to be looked at, and again at its time; until then it neither holds
 * the environment nor cancels what waits there. `on_item_failure: continue` puts back what can be where an item cannot, such as one that was deleted
 * since.
 */
export interface RollbackRequest extends Pick<
  DeploymentTerms,
  | 'due_at'
  | 'misfire'
  | 'reason'
  | 'dry_run'
  | 'on_item_failure'
  | 'when_busy'
  | 'when_shut'
  | 'override'
  | 'allow_destroy'
> {
  environment_id: string
  /** When left out, the newest that changed something, or may have, and that has not been put back yet. */
  deployment_id?: string
  /** Of code: the candidate to go back to, `1.2.0-rc3`. When left out, what ran before the deployment. */
  version?: string
}

/**
 * Puts a deployment back by a new revision. A change set: each item that it did, or may have done, as it was before,
 * or unpublished where it was not there; items that something else changed since are conflicts: listed, and left.
 * A whole state: all that was live before, without conflicts. Infrastructure: see `putBackInfra`. Code: the candidate that ran before, see `rollBackCode`.
 * Throws `not_found`, `not_possible_now`,
 * `nothing_to_roll_back`, `blocked`.
 */
export async function requestRollback(
  ctx: Context,
  request: RollbackRequest,
): Promise<{ deployment: DeploymentView; conflicts: RollbackConflict[] }> {
  const { environment_id, deployment_id: _id, version, ...terms } = request
  const environment = await findEnvironment(ctx.db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { project_id } = environment
  const here = { project_id, environment_id }
  authorize(ctx, 'deployment.roll_back', here)
  const kind = (await findProject(ctx.db, project_id))?.kind
  if (kind !== 'infra' && terms.allow_destroy !== undefined)
    throw invalidField('allow_destroy', 'invalid', 'goes with projects of infrastructure')
  if (kind === 'code') return { deployment: await rollBack(ctx, request, here), conflicts: [] }
  if (version !== undefined) throw invalidField('candidate', 'invalid', 'goes with projects of code')
  const target = await findTarget(ctx, request)
  if (kind === 'infra') return putBackInfra(ctx, target, terms)

  return transact(ctx, async (unit) => {
    const { items, conflicts, scope, branches } = await whatToPutBack(unit.tx, target)
    for (const branch of branches) authorize(ctx, 'deployment.roll_back', { ...here, branch })
    if (items.length === 0 && scope === 'change_set')
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
      scope,
      ...terms,
    })
    return { deployment: deployment!, conflicts }
  })
}

/**
 * Of code it is what ran before the deployment, deployed again; all that is under way there is canceled first, unless it
 * is only looked at, or to come later.
 */
async function rollBack(
  ctx: Context,
  request: RollbackRequest,
  here: { project_id: string; environment_id: string },
): Promise<DeploymentView> {
  const { environment_id, deployment_id, version, ...terms } = request
  const named = await findCandidateToRestore(ctx, here, version)
  const now = !terms.dry_run && !isAhead(terms.due_at, ctx.now())
  return transact(ctx, async (unit) => {
    if (now) await cancelForRollback(ctx, unit, here)
    const tx = { ...ctx, db: unit.tx }
    const newest = deployment_id === undefined ? await findNewestBegun(unit.tx, environment_id) : undefined
    const broken = newest?.state !== 'succeeded' && newest?.rolls_back === null ? newest : undefined
    const left = broken ?? (await findTarget(tx, request))
    const to = named ?? (await ranBefore(unit.tx, left))
    if (to === undefined) throw nothingBefore()
    return putBackCodeIn(ctx, unit, left, to, terms)
  })
}

async function findTarget(
  ctx: Context,
  { environment_id, deployment_id }: RollbackRequest,
): Promise<NamedDeployment> {
  const id = deployment_id ?? (await findNewestEffective(ctx.db, environment_id))
  const found = id === undefined ? undefined : await findDeployment(ctx.db, id)
  if (found?.environment_id !== environment_id)
    throw new DomainError('not_found', { what: 'deployment', id: deployment_id ?? 'to roll back' })
  if (!allowedActions(found.state, remainsOf(found)).includes('roll_back'))
    throw new DomainError('not_possible_now', {
      what: 'deployment',
      id: found.id,
      state: found.state,
      action: 'roll back',
    })
  return found
}
