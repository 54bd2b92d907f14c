import { invalidField } from '#domain/errors.ts'
import type { GateCode } from '#domain/gates.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { MisfirePolicy } from '#domain/misfire.ts'
import type { Target } from '#domain/principal.ts'
import type { Scope } from '#domain/revision.ts'
import type { Annotations } from '#store/columns.ts'
import { listReleaseItems } from '#store/release-item.ts'
import type { HeldRelease } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Override } from '../overrides/override-gates.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { refuseScheduled } from '../releases/refuse-scheduled.ts'
import { holdRelease, placeOf } from '../releases/release-view.ts'
import { admitRequest } from './admit-request.ts'
import { candidateFor } from './candidate-for.ts'
import type { DeploymentView } from './deployment-view.ts'
import { pinRevision, selectOfRevision } from './pin-revision.ts'
import { placeDeployments, type PlacedRevision } from './place-deployments.ts'

/** How a deployment is to behave; what is left out has the native defaults: wait, stop, run late at any time. */
export interface DeploymentTerms {
  /** Not before this time; one that has passed means now. */
  due_at?: Date
  misfire?: MisfirePolicy
  dry_run?: boolean
  forced?: boolean
  when_busy?: 'wait' | 'refuse'
  when_shut?: 'wait' | 'refuse'
  /** Gates at which this request does not wait, whatever when_shut says. */
  refuse_if?: readonly GateCode[]
  on_item_failure?: 'stop' | 'continue'
  reason?: string
  /** It takes away what its items' deletion left live. */
  deletes?: boolean
  annotations?: Annotations
  /** The deployment that this one puts back. */
  rolls_back?: string
  /** The plan that it has to apply as it is. */
  deploys_plan?: string
  /** The deployment whose failed items it takes up again. */
  retries?: string
  /** Gates to set aside for it, by somebody who may. */
  override?: Override
  /** Whether what really is there is looked at first; it is, where nobody says. */
  refresh?: boolean
  /** Whether it may destroy. */
  allow_destroy?: boolean
  /** By which whoever asks finds it again. */
  trace_id?: string
  /** The commit that the catalogue was read at. */
  source_commit?: string
}

export interface DeploymentRequest extends DeploymentTerms {
  project_id: string
  release_id: string
  environment_ids: readonly string[]
  /** The number of one of its revisions, instead of the release as it is now; of code, of one of its candidates. */
  revision?: number
  /** Narrows it to some of the items: by what they are, or by their keys, all of which it must have. */
  select?: (item: PinnedItem) => boolean
  select_keys?: readonly string[]
  /** What its revision is, where that does not follow from the kind of project. */
  scope?: Scope
  /** It is done in this transaction or not at all, so that nobody can approve it later. */
  at_once?: boolean
  /** Leaves the release locked against edits; this lock is no gate. */
  lock_release?: boolean
  /** Refuses a release that waits for its time already. */
  unless_scheduled?: boolean
}

/**
 * Asks for a release, as it is now, to be brought to environments: a deployment each, under one request id. The
 * revision is pinned here. Throws `not_found`, `invalid` (nothing to deploy), `blocked` (where it shall not wait),
 * `not_possible_now` (where it is scheduled and shall not be).
 */
export async function requestDeployments(
  ctx: Context,
  request: DeploymentRequest,
): Promise<DeploymentView[]> {
  const { project_id, environment_ids } = request
  authorizeRequest(ctx, { project_id }, environment_ids)
  return transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, project_id, request.release_id)
    authorizeRequest(ctx, placeOf(release), environment_ids)
    if (request.unless_scheduled) await refuseScheduled(ctx, unit.tx, release, 'deploy')
    return requestDeploymentsIn(ctx, unit, release, request)
  })
}

/** Everywhere it is to go; also where it is to go nowhere, which is refused for another reason. */
export function authorizeRequest(ctx: Context, place: Target, environmentIds: readonly string[]): void {
  authorize(ctx, 'deployment.request', place)
  for (const environment_id of environmentIds)
    authorize(ctx, 'deployment.request', { ...place, environment_id })
}

/** Inside a caller's transaction, of a release whose row the caller holds; the caller authorises. */
export async function requestDeploymentsIn(
  ctx: Context,
  unit: Unit,
  release: HeldRelease,
  request: DeploymentRequest,
): Promise<DeploymentView[]> {
  const revision = await revisionFor(ctx, unit, release, request)
  const admission = await admitRequest(ctx, unit, release, revision, request)
  // Code is never unchanged: whatever is live, its workflow runs.
  const terms = release.project_kind === 'code' ? { ...request, forced: true } : request
  return placeDeployments(ctx, unit, { release, revision, admission }, terms)
}

async function revisionFor(
  ctx: Context,
  unit: Unit,
  release: HeldRelease,
  request: DeploymentRequest,
): Promise<PlacedRevision> {
  const { revision, scope, select, select_keys } = request
  if (release.project_kind === 'code') return candidateFor(unit, release, request)
  if (release.project_kind === 'infra') throw neverNamed()
  if (revision !== undefined) return selectOfRevision(unit.tx, release, revision, { select, select_keys })
  const items = await listReleaseItems(unit.tx, release.id)
  return pinRevision(ctx, unit, release, items, { scope, select, select_keys })
}

function neverNamed() {
  const detail =
    'is not named of infrastructure: its blueprint is released as it is now, or one of its revisions'
  return invalidField('release', 'invalid', detail)
}
