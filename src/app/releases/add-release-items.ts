import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { listReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { updateRelease, type ReleaseRow } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { pinItems, type ItemRequest } from './pin-items.ts'
import { holdOpenRelease, placeOf } from './release-view.ts'

export interface AddedItems {
  project_id: string
  release_id: string
  items: readonly ItemRequest[]
  /** The version that the caller saw; another one throws `version_conflict`. */
  version?: number
  /** How many items the release may hold afterwards. */
  most?: number
}

/**
 * Pins items to a release; one that is there already is pinned anew. Returns all items of the release afterwards.
 * Throws `not_found`, `release_locked`, `invalid` (fields `items.<n>.…`), `limit_reached`.
 */
export async function addReleaseItems(ctx: Context, input: AddedItems): Promise<PinnedItem[]> {
  const { project_id, release_id, most = 10_000 } = input
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    const release = await holdOpenRelease(unit.tx, project_id, release_id, input.version)
    authorize(ctx, 'release.edit', placeOf(release))
    const pinned = await pinItems(unit.tx, release, input.items)
    await upsertReleaseItems(unit.tx, release_id, pinned, ctx.now())
    const items = await listReleaseItems(unit.tx, release_id)
    if (items.length > most) throw new DomainError('limit_reached', { limit: 'items of a release', most })
    await touchRelease(ctx, unit, release)
    unit.record({
      kind: 'release.items_added',
      project_id,
      subject_id: release_id,
      data: {
        items: pinned.slice(0, 100).map(({ key, action, version }) => ({ key, action, version })),
        count: pinned.length,
      },
    })
    return items
  })
}

/** A change of its items is a change of the release. */
export async function touchRelease(ctx: Context, { tx }: Unit, { id }: ReleaseRow): Promise<void> {
  await updateRelease(tx, id, { updated_by: authorIn(ctx), updated_at: ctx.now() })
}
