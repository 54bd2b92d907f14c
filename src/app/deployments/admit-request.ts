import { DomainError, invalidField } from '#domain/errors.ts'
import { blocksApplying, blocksStart, type GateFacts, type Shut } from '#domain/gates.ts'
import { causeOf, isAhead } from '#domain/hold.ts'
import { listBusyEnvironments } from '#store/deployment.ts'
import { lockAwaitingIn } from '#store/deployment-guard.ts'
import { listEnvironmentsById, type EnvironmentRow } from '#store/environment.ts'
import type { ReleaseRow } from '#store/release.ts'
import type { Context, Unit } from '../context.ts'
import { authorizeOverride } from '../overrides/override-gates.ts'
import { placeOf } from '../releases/release-view.ts'
import { cancelDeploymentIn } from './cancel-deployment.ts'
import { loadGateFacts } from './gate-facts.ts'
import type { PlacedRevision } from './place-deployments.ts'
import type { DeploymentRequest } from './request-deployments.ts'
import { thoughtOf } from './thought-of.ts'

/** Where a request goes, whether it can be queued there at once, and what its gates saw, where they were asked. */
export interface Admission {
  places: { environment: EnvironmentRow; state: 'requested' | 'queued'; facts?: GateFacts }[]
}

/**
 * Whether a request for a revision may stand, and whether it can be queued at once. Its environments stay until the
 * transaction ends; where it does not want to wait, nobody else asks for them while it looks. Throws `not_found`,
 * `invalid`, `blocked`, and `forbidden` where it overrides a gate and may not.
 */
export async function admitRequest(
  ctx: Context,
  unit: Unit,
  release: ReleaseRow,
  revision: PlacedRevision,
  request: DeploymentRequest,
): Promise<Admission> {
  const { tx } = unit
  const ids = [...new Set(request.environment_ids)]
  if (ids.length === 0) throw invalidField('environments', 'required', 'Name at least one environment.')
  if (request.override)
    for (const environment_id of ids)
      authorizeOverride(ctx, { ...placeOf(release), environment_id }, request.override)
  const refusesBusy = request.when_busy === 'refuse'
  // Who does not want to wait sees whoever asked before, even if that transaction is not over yet.
  const hold = refusesBusy ? 'alone' : 'share'
  const environments = await listEnvironmentsById(tx, release.project_id, ids, hold)
  const missing = ids.find((id) => !environments.some((environment) => environment.id === id))
  if (missing) throw new DomainError('not_found', { what: 'environment', id: missing })

  // Nothing that waits for people stands in the way of a rollback.
  if (request.rolls_back !== undefined && !request.dry_run && !isAhead(request.due_at, ctx.now()))
    for (const { id } of environments) await cancelAwaitingIn(ctx, unit, id)
  const asked = await thoughtOf(
    ctx,
    tx,
    { release, environments },
    {
      revision_id: revision.id,
      revision_digest: revision.digest,
      selected_keys: revision.selected_keys,
      cause: causeOf({ principal: ctx.principal, scheduled: isAhead(request.due_at, ctx.now()) }),
      due_at: request.due_at ?? null,
      rolls_back: request.rolls_back !== undefined,
      dry_run: request.dry_run ?? false,
    },
  )
  const overridden = request.override?.gates ?? []
  const loaded = await loadGateFacts(tx, asked, ctx.now())
  const facts = loaded.map((one) => ({ ...one, overridden }))
  const judge = request.at_once ? blocksApplying : blocksStart
  const shut = facts.map(judge)
  const refused = once(shut.flat()).filter(
    ({ code }) =>
      request.refuse_if?.includes(code) || (request.when_shut === 'refuse' && code !== 'schedule'),
  )
  if (refusesBusy) refused.push(...(await busyOnes(ctx, tx, environments)))
  if (refused.length > 0) throw new DomainError('blocked', { blockers: refused })
  const places = environments.map((environment, index) => ({
    environment,
    state: shut[index]!.length > 0 ? ('requested' as const) : ('queued' as const),
    facts: facts[index]!,
  }))
  return { places }
}

/** What waits for people there, inside a caller's transaction. */
export async function cancelAwaitingIn(ctx: Context, unit: Unit, environment_id: string): Promise<void> {
  const awaiting = await lockAwaitingIn(unit.tx, environment_id)
  if (awaiting) await cancelDeploymentIn(ctx, unit, awaiting, 'The environment is rolled back.')
}

/** What is said of every environment is said once. */
function once(all: readonly Shut[]): Shut[] {
  return all.filter((one, index) => all.findIndex(({ detail }) => detail === one.detail) === index)
}

async function busyOnes(
  ctx: Context,
  tx: Unit['tx'],
  environments: readonly EnvironmentRow[],
): Promise<Shut[]> {
  const ids = environments.map(({ id }) => id)
  const busy = await listBusyEnvironments(tx, ids, ctx.now())
  return environments.filter(({ id }) => busy.includes(id)).map(({ name }) => busyBlocker(name))
}

/** What a busy environment says to who does not want to wait for it. */
function busyBlocker(environment: string): Shut {
  return {
    code: 'busy',
    detail: `A deployment to ${environment} is not over yet.`,
    who: 'it opens when that deployment ends or is canceled',
    opens_at: null,
  }
}
