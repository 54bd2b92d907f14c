import { earliest } from '#domain/gates.ts'
import { causeOf, isAhead } from '#domain/hold.ts'
import { listDeploymentsOfRequest, type DeploymentRow } from '#store/deployment.ts'
import { insertDeployments } from '#store/deployment-write.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { updateRelease, type ReleaseRow } from '#store/release.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import type { Admission } from './admit-request.ts'
import { viewDeploymentBy, type DeploymentView } from './deployment-view.ts'
import { setHoldIn } from '../holds/set-hold.ts'
import { overrideGatesIn } from '../overrides/override-gates.ts'
import type { DeploymentTerms } from './request-deployments.ts'

/** What is brought there: a revision, or some of its items. */
export interface PlacedRevision {
  id: string
  digest: string
  selected_keys: string[] | null
}

interface PlacingTerms extends DeploymentTerms {
  lock_release?: boolean
  /** Moved in the caller's own transaction, by who calls this. */
  inline?: boolean
  /** Told of by whoever does it, whatever deploys there otherwise. */
  told?: boolean
}

/**
 * Writes the deployments of a request that was admitted, one per environment, in the transaction that admitted it.
 * Every way of asking for a deployment ends here.
 */
export async function placeDeployments(
  ctx: Context,
  unit: Unit,
  { release, revision, admission }: { release: ReleaseRow; revision: PlacedRevision; admission: Admission },
  terms: PlacingTerms,
): Promise<DeploymentView[]> {
  const requestId = ctx.newId()
  const now = ctx.now()
  await insertDeployments(
    unit.tx,
    admission.places.map(({ environment, state }) => ({
      id: ctx.newId(),
      request_id: requestId,
      project_id: release.project_id,
      environment_id: environment.id,
      release_id: release.id,
      revision_id: revision.id,
      plan_id: terms.deploys_plan ?? null,
      deploys_plan: terms.deploys_plan ?? null,
      rolls_back: terms.rolls_back ?? null,
      retries: terms.retries ?? null,
      state,
      driver: driverOf(environment, terms),
      selected_keys: revision.selected_keys,
      forced: terms.forced ?? false,
      dry_run: terms.dry_run ?? false,
      deletes: terms.deletes ?? false,
      refresh: terms.refresh ?? true,
      allow_destroy: terms.allow_destroy ?? false,
      trace_id: terms.trace_id ?? null,
      source_commit: terms.source_commit ?? null,
      on_item_failure: terms.on_item_failure ?? 'stop',
      when_busy: terms.when_busy ?? 'wait',
      when_shut: terms.when_shut ?? 'wait',
      due_at: terms.due_at ?? null,
      misfire: terms.misfire ?? { policy: 'run' as const, late_by_at_most_seconds: null },
      reason: terms.reason ?? null,
      annotations: terms.annotations ?? {},
      cause: causeOf({ principal: ctx.principal, scheduled: isAhead(terms.due_at, now) }),
      requested_by: authorIn(ctx),
      requested_by_token: ctx.principal?.token_id ?? null,
      requested_at: now,
      queued_at: state === 'queued' ? now : null,
    })),
  )
  if (terms.lock_release && !terms.dry_run && release.lock === null)
    await lockAfterwards(ctx, unit, release, requestId)
  const rows = await listDeploymentsOfRequest(unit.tx, requestId)
  if (terms.rolls_back !== undefined && !terms.dry_run && !isAhead(terms.due_at, now))
    for (const row of rows) await setHoldIn(ctx, unit, row)
  if (terms.override) await overrideGatesIn(ctx, unit, rows, terms.override)
  const seen = new Map(admission.places.map(({ environment, facts }) => [environment.id, facts]))
  const views = rows.map((row) => viewDeploymentBy(row, seen.get(row.environment_id)))
  for (const view of views) announce(unit, view)
  return views
}

/** What nobody here can deploy is deployed by whoever asked, who reports; a dry run of it is planned here all the same. */
function driverOf(
  { executor }: EnvironmentRow,
  { inline, told, dry_run }: PlacingTerms,
): DeploymentRow['driver'] {
  if (inline) return 'inline'
  if (told) return 'caller'
  return executor === 'none' && !dry_run ? 'caller' : 'engine'
}

async function lockAfterwards(
  ctx: Context,
  unit: Unit,
  { id, project_id }: ReleaseRow,
  request_id: string,
): Promise<void> {
  await updateRelease(unit.tx, id, { lock: 'deployment', locked_at: ctx.now() })
  const data = { by: 'deployment', request_id }
  unit.record({ kind: 'release.locked', project_id, subject_id: id, data })
}

function announce(unit: Unit, view: DeploymentView): void {
  const { id, project_id, environment_id, release_id, state, due_at, reason } = view
  unit.record({
    kind: 'deployment.requested',
    project_id,
    environment_id,
    subject_id: id,
    reason,
    data: { release_id, state, due_at: due_at?.toISOString() ?? null },
  })
  if (state === 'queued') unit.wake({ name: 'run-environment', data: { environment_id } })
  if (state === 'requested') {
    const opens_at = earliest(view.blockers)
    if (opens_at) unit.wake({ name: 'admit-deployments', data: {}, after: new Date(opens_at) })
    unit.wake({ name: 'plan-ahead', data: { deployment_id: id } })
  }
}
