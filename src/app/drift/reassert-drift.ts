import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import { findLeftThere } from '#store/drift.ts'
import { ensureInfraEnvironment } from '#store/infra-environment.ts'
import { findNewestSnapshot } from '#store/infra-snapshot.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import type { DeploymentView } from '../deployments/deployment-view.ts'
import type { DeploymentTerms } from '../deployments/request-deployments.ts'
import { holdLine } from '../infra/line-of-releases.ts'
import { pinAsItWas } from '../infra/pin-as-it-was.ts'
import { placeInfra } from '../infra/request-infra-deployment.ts'
import { requireDriftPlace } from './drift-place.ts'
import { getDrift } from './list-drift.ts'

export interface ReassertRequest extends Pick<
  DeploymentTerms,
  'reason' | 'dry_run' | 'when_shut' | 'allow_destroy' | 'annotations'
> {
  environment_id: string
  /** Everything that is live; else what is known to have drifted and is not ignored. */
  all?: boolean
  /** These items, whether they are known to have drifted or not. */
  items?: readonly string[]
}

/**
 * Puts back what drifted: a deployment of what is live, as it was left, that looks at what is really there. What the
 * blueprint says by now is not part of it. Throws `not_found`, `forbidden`, `invalid`, `blocked`, and `not_possible_now`
 * where nothing is live, nothing drifted, or a deployment has not ended that changes what is live.
 */
export async function reassertDrift(
  ctx: Context,
  { environment_id, all = false, items, ...terms }: ReassertRequest,
): Promise<DeploymentView> {
  const environment = await requireDriftPlace(ctx, ctx.db, environment_id, 'deployment.request')
  const { project_id, name } = environment
  if (terms.allow_destroy) authorize(ctx, 'deployment.allow_destroy', { project_id, environment_id })
  if (all && items) throw invalidField('items', 'invalid', 'does not go with all of them')
  if (items?.length === 0) throw invalidField('items', 'required', 'Name at least one item.')
  const drifted = all || items ? [] : await driftedIn(ctx, environment_id)
  const refuse = (state: string) =>
    new DomainError('not_possible_now', { what: 'environment', id: name, state, action: 'be put back' })
  return transact(ctx, async (unit) => {
    await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: ctx.now() })
    const line = await holdLine(ctx, unit, environment)
    const { live, open } = await findLeftThere(unit.tx, environment_id)
    if (live.length === 0) throw refuse('without anything live')
    // What that one is about to change would be taken back by this.
    if (open) throw refuse('being deployed to')
    const known = new Set(live.map(({ key }) => key))
    const selected_keys = all
      ? null
      : (items ? requireLive(known, items) : drifted).filter((key) => known.has(key))
    if (selected_keys?.length === 0) throw refuse('not known to have drifted')
    const origin = await findNewestSnapshot(unit.tx, line.id)
    const pinned = await pinAsItWas(ctx, unit, line, live.map(pinnedAt), origin)
    const revision = { ...pinned, selected_keys }
    const place = { project_id, environment_id, line, revision, findings: [] }
    return placeInfra(ctx, unit, place, { ...terms, refresh: true })
  })
}

async function driftedIn(ctx: Context, environment_id: string): Promise<string[]> {
  const { items } = await getDrift(ctx, { environment_id })
  return [...new Set(items.filter(({ ignored }) => !ignored).map(({ item_key }) => item_key))]
}

function requireLive(known: ReadonlySet<string>, items: readonly string[]): string[] {
  const faults = items.flatMap((key, index): FieldFault[] =>
    known.has(key) ? [] : [{ field: `items.${index}`, fault: 'unknown', detail: `${key} is not live here` }],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
  return [...new Set(items)]
}

function pinnedAt({ key, kind, title, version }: LiveItem): PinnedItem {
  return { key, kind, title, version, action: 'set' }
}
