import { countDrift, markIgnored } from '#domain/drift.ts'
import type { DriftedThing } from '#domain/effect.ts'
import { sightOf } from '#domain/event-sight.ts'
import { DomainError } from '#domain/errors.ts'
import { listDrift, listDriftStandings, type DriftRow, type DriftStanding } from '#store/drift.ts'
import { listDriftIgnores } from '#store/drift-ignore.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireDriftPlace } from './drift-place.ts'

/** How an environment stands now, by the rules of what to ignore that hold now. */
export interface StandingView extends Omit<DriftStanding, 'items' | 'found' | 'now_version'> {
  status: 'unknown' | 'clean' | 'drifted'
  drifted: number
  ignored: number
  items: DriftedThing[]
  /** A deployment has written another state since it was looked at. */
  outdated: boolean
}

/** Throws `not_found`, and `invalid` where nothing can drift. */
export async function getDrift(
  ctx: Context,
  { environment_id }: { environment_id: string },
): Promise<StandingView> {
  await requireDriftPlace(ctx, ctx.db, environment_id, 'live.read')
  const rows = await listDriftStandings(ctx.db, { environment_id }, { limit: 1 })
  const [view] = await viewAll(ctx, rows)
  if (!view) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  return view
}

/** Environments of infrastructure, of one project or of all that the caller may see, after an environment. */
export async function listDriftOfAll(
  ctx: Context,
  { project_id, ...page }: { project_id?: string | undefined; limit: number; after?: string | undefined },
): Promise<StandingView[]> {
  if (project_id !== undefined) authorize(ctx, 'live.read', { project_id })
  const sight = sightOf(ctx.principal, 'live.read')
  if (!sight) {
    const detail = `${ctx.principal?.name} may not read what is live.`
    throw new DomainError('forbidden', { action: 'live.read', detail })
  }
  const { project_ids, environment_ids } = sight
  const among = project_id === undefined ? project_ids : [project_id]
  const rows = await listDriftStandings(ctx.db, { project_ids: among, environment_ids }, page)
  const views = await viewAll(ctx, rows)
  return views.map((view) => ({ ...view, items: view.items.slice(0, mostOfEach) }))
}

/** All that was found there, newest first, after `before`. Throws as `getDrift`. */
export async function listDriftChecks(
  ctx: Context,
  { environment_id, ...page }: { environment_id: string; limit: number; before?: string | undefined },
): Promise<DriftRow[]> {
  await requireDriftPlace(ctx, ctx.db, environment_id, 'live.read')
  return listDrift(ctx.db, environment_id, page)
}

/** Of each environment in a list of many. */
const mostOfEach = 20

async function viewAll(ctx: Context, rows: readonly DriftStanding[]): Promise<StandingView[]> {
  const ids = rows.map(({ environment_id }) => environment_id)
  const rules = ids.length === 0 ? [] : await listDriftIgnores(ctx.db, ids)
  const at = ctx.now()
  return rows.map(({ items: kept, found, now_version, ...row }) => {
    const here = rules.filter(({ environment_id }) => environment_id === row.environment_id)
    const items = markIgnored(kept ?? [], here, at)
    const counted = countDrift(items)
    // What was not kept is nothing that somebody could have looked at, and ignored.
    const counts = { ...counted, drifted: counted.drifted + (found ?? 0) - items.length }
    const status = row.said_id === null ? 'unknown' : counts.drifted > 0 ? 'drifted' : 'clean'
    const outdated = row.said_id !== null && (now_version ?? 0) !== (row.state_version ?? 0)
    return { ...row, ...counts, status, outdated, items }
  })
}
