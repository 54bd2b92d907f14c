import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { findDeployedState } from '#store/release-deployment.ts'
import { listReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { touchRelease } from '../releases/add-release-items.ts'
import { latestPins } from '../releases/pin-items.ts'
import { holdOpenRelease, placeOf } from '../releases/release-view.ts'
import { pullReferences, type Pulled } from './pull-references.ts'
import { jobItem, recordJobIn, refusedItem } from './record-job.ts'

export interface BulkRefreshment {
  project_id: string
  release_id: string
  keys: 'all' | readonly string[]
  /** Adds all that they refer to by now, to any depth. */
  with_references: boolean
  locales: readonly string[]
  most: number
}

/**
 * Pins items of a release to their latest versions, and tells of each what became of it. Answers the job. Throws
 * `not_found`, `release_deployed` once it was deployed (even if unlocked since), `release_locked`, `limit_reached`.
 */
export async function refreshInBulk(ctx: Context, input: BulkRefreshment): Promise<{ job_id: string }> {
  const { project_id, release_id, keys, with_references, locales, most } = input
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    if (await findDeployedState(unit.tx, release_id))
      throw new DomainError('release_deployed', { release_id })
    const release = await holdOpenRelease(unit.tx, project_id, release_id)
    authorize(ctx, 'release.edit', placeOf(release))
    const branch = release.branch ?? 'main'
    const all = await listReleaseItems(unit.tx, release_id)
    const there = new Map(all.map((item) => [item.key, item]))
    const wanted = keys === 'all' ? [...there.keys()] : [...new Set(keys)]
    const before = wanted.flatMap((key) => there.get(key) ?? [])
    const latest = await latestPins(unit.tx, release, before)
    const moved = latest.filter(({ key, version }) => there.get(key)?.version !== version)
    const none: Pulled = { pinned: [], items: [] }
    const pulled = with_references
      ? await pullReferences(unit.tx, { project_id, branch }, latest, (key) => there.has(key))
      : none
    if (all.length + pulled.pinned.length > most)
      throw new DomainError('limit_reached', { limit: 'items of a release', most })
    const written: PinnedItem[] = [...moved, ...pulled.pinned]
    await upsertReleaseItems(unit.tx, release_id, written, ctx.now())
    const changed = new Set(moved.map(({ key }) => key))
    const told = [
      ...latest.map((item) => jobItem(item, { outcome: changed.has(item.key) ? 'done' : 'unchanged' })),
      ...wanted
        .filter((key) => !there.has(key))
        .map((key) => refusedItem({ key, action: 'publish' }, notThere, 'not_there')),
      ...pulled.items,
    ]
    const facts = { project_id, branch, kind: 'refresh' as const, release_id, with_references }
    const job_id = await recordJobIn(ctx, unit, { ...facts, locales: [...locales] }, told)
    if (written.length > 0) {
      await touchRelease(ctx, unit, release)
      const data = { count: written.length, job_id }
      unit.record({ kind: 'release.items_updated', project_id, subject_id: release_id, data })
    }
    return { job_id }
  })
}

const notThere = { field: 'uid', detail: 'The release has no such item.' }
