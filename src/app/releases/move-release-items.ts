import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import { countReleaseItems, moveReleaseItems as move } from '#store/release-item.ts'
import { lockReleases, type HeldRelease } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { touchRelease } from './add-release-items.ts'
import { placeOf } from './release-view.ts'

export interface MovedItems {
  project_id: string
  release_id: string
  /** The release that they go to, of the same branch. */
  to_release_id: string
  keys: readonly string[] | 'all'
  /** The version of the first release that the caller saw. */
  version?: number
  /** How many items a release may hold. */
  most?: number
}

/**
 * Moves items from one release to another as they are pinned: all of them or, where one thing is wrong, none. What the
 * other release has of the same items gives way. Returns the keys. Throws `not_found`, `version_conflict`,
 * `release_locked` (either), `limit_reached`, `invalid` (field `to`: no other release of the branch; `items.<n>`:
 * no item of the release).
 */
export async function moveReleaseItems(ctx: Context, input: MovedItems): Promise<string[]> {
  const { project_id, release_id, to_release_id, keys, version, most = 10_000 } = input
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    const held = await lockReleases(unit.tx, project_id, [release_id, to_release_id])
    const from = held.find(({ id }) => id === release_id)
    if (!from) throw new DomainError('not_found', { what: 'release', id: release_id })
    authorize(ctx, 'release.edit', placeOf(from))
    requireVersion('release', from, version)
    const to = targetOf(held, from, to_release_id)
    for (const { id, lock } of [from, to])
      if (lock) throw new DomainError('release_locked', { release_id: id, by: lock })
    const moved = await move(unit.tx, { from: from.id, to: to.id, keys, at: ctx.now() })
    if (keys !== 'all') requireAll(keys, moved)
    if (moved.length === 0) throw invalidField('items', 'required', 'The release has no items.')
    if ((await countReleaseItems(unit.tx, to.id)) > most)
      throw new DomainError('limit_reached', { limit: 'items of a release', most })
    for (const release of [from, to]) await touchRelease(ctx, unit, release)
    const said = { keys: moved.slice(0, 100), count: moved.length }
    const about = (subject_id: string) => ({ project_id, subject_id })
    unit.record({ kind: 'release.items_removed', ...about(from.id), data: { ...said, moved_to: to.id } })
    unit.record({ kind: 'release.items_added', ...about(to.id), data: { ...said, moved_from: from.id } })
    return moved
  })
}

/** Of the same branch, so that whoever may edit the one may edit the other. */
function targetOf(held: readonly HeldRelease[], from: HeldRelease, id: string): HeldRelease {
  const to = held.find((release) => release.id === id)
  if (!to) throw invalidField('to', 'invalid', 'There is no such release.')
  if (to.id === from.id) throw invalidField('to', 'invalid', 'It is the same release.')
  if (to.branch !== from.branch) throw invalidField('to', 'invalid', 'It is a release of another branch.')
  return to
}

function requireAll(keys: readonly string[], moved: readonly string[]): void {
  const there = new Set(moved)
  const faults = keys.flatMap((key, index): FieldFault[] =>
    there.has(key)
      ? []
      : [{ field: `items.${index}`, fault: 'invalid', detail: 'is no item of the release' }],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
}
