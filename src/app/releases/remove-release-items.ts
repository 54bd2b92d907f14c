import { removeReleaseItems as remove } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { touchRelease } from './add-release-items.ts'
import { holdOpenRelease, placeOf } from './release-view.ts'

/** Takes items out; one that is not there is not an error. Returns how many went. Throws `not_found`, `release_locked`. */
export async function removeReleaseItems(
  ctx: Context,
  input: { project_id: string; release_id: string; keys: readonly string[] | 'all'; version?: number },
): Promise<number> {
  const { project_id, release_id, keys } = input
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    const release = await holdOpenRelease(unit.tx, project_id, release_id, input.version)
    authorize(ctx, 'release.edit', placeOf(release))
    const removed = await remove(unit.tx, release_id, keys)
    if (removed > 0) {
      await touchRelease(ctx, unit, release)
      unit.record({
        kind: 'release.items_removed',
        project_id,
        subject_id: release_id,
        data: { keys: keys === 'all' ? 'all' : keys.slice(0, 100), count: removed },
      })
    }
    return removed
  })
}
