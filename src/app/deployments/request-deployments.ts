import type { GateCode } from '#domain/gates.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { MisfirePolicy } from '#domain/misfire.ts'
import type { Target } from '#domain/principal.ts'
import type { Annotations } from '#store/columns.ts'
import { listDeploymentsOfRequest } from '#store/deployment.ts'
import { insertDeployments } from '#store/deployment-write.ts'
import { listReleaseItems } from '#store/release-item.ts'
import { updateRelease, type ReleaseRow } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdRelease, placeOf } from '../releases/release-view.ts'
import { admitRequest } from './admit-request.ts'
import { viewDeployment, type DeploymentView } from './deployment-view.ts'
import { pinRevision } from './pin-revision.ts'

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
  annotations?: Annotations
  /** The deployment that this one puts back. */
  rolls_back?: string
}

export interface DeploymentRequest extends DeploymentTerms {
  project_id: string
  release_id: string
  environment_ids: readonly string[]
  /** Narrows it to some of the items. */
  select?: (item: PinnedItem) => boolean
  /** Leaves the release locked against edits; this lock is no gate. */
  lock_release?: boolean
}

/**
 * Asks for a release, as it is now, to be brought to environments: a deployment each, under one request id. The
 * revision is pinned here. Throws `not_found`, `invalid` (nothing to deploy), `blocked` (where it shall not wait).
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
  release: ReleaseRow,
  request: DeploymentRequest,
): Promise<DeploymentView[]> {
  const admission = await admitRequest(ctx, unit, release, request)
  const items = await listReleaseItems(unit.tx, release.id)
  const revision = await pinRevision(ctx, unit, release, items, request.select)
  const requestId = ctx.newId()
  const now = ctx.now()
  await insertDeployments(
    unit.tx,
    admission.environments.map((environment) => ({
      id: ctx.newId(),
      request_id: requestId,
      project_id: release.project_id,
      environment_id: environment.id,
      release_id: release.id,
      revision_id: revision.id,
      deploys_plan: null,
      rolls_back: request.rolls_back ?? null,
      retries: null,
      state: admission.state,
      driver: 'engine' as const,
      selected_keys: revision.selected_keys,
      forced: request.forced ?? false,
      dry_run: request.dry_run ?? false,
      on_item_failure: request.on_item_failure ?? 'stop',
      when_busy: request.when_busy ?? 'wait',
      when_shut: request.when_shut ?? 'wait',
      due_at: request.due_at ?? null,
      misfire: request.misfire ?? { policy: 'run' as const, late_by_at_most_seconds: null },
      reason: request.reason ?? null,
      annotations: request.annotations ?? {},
      requested_by: ctx.principal?.user_id ?? null,
      requested_by_token: ctx.principal?.token_id ?? null,
      requested_at: now,
      queued_at: admission.state === 'queued' ? now : null,
    })),
  )
  if (request.lock_release && !request.dry_run && release.lock === null) {
    await updateRelease(unit.tx, release.id, { lock: 'deployment', locked_at: now })
    unit.record({
      kind: 'release.locked',
      project_id: release.project_id,
      subject_id: release.id,
      data: { by: 'deployment', request_id: requestId },
    })
  }
  const rows = await listDeploymentsOfRequest(unit.tx, requestId)
  const views = rows.map((row) => viewDeployment(row, now))
  for (const view of views) announce(unit, view)
  return views
}

function announce(
  unit: Unit,
  { id, project_id, environment_id, release_id, state, due_at, reason }: DeploymentView,
) {
  unit.record({
    kind: 'deployment.requested',
    project_id,
    environment_id,
    subject_id: id,
    reason,
    data: { release_id, state, due_at: due_at?.toISOString() ?? null },
  })
  if (state === 'queued') unit.wake({ name: 'run-environment', data: { environment_id } })
  if (state === 'requested' && due_at) {
    unit.wake({ name: 'admit-deployments', data: {}, after: due_at })
    unit.wake({ name: 'plan-ahead', data: { deployment_id: id } })
  }
}
