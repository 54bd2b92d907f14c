import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { findDeployedState } from '#store/release-deployment.ts'
import { listReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { touchRelease } from './add-release-items.ts'
import { latestPins } from './pin-items.ts'
import { requireVersion } from '../require-version.ts'
import { refuseCodeOf } from './refuse-code.ts'
import { holdRelease, placeOf } from './release-view.ts'

/**
 * Pins every item to its latest version. Throws `not_found`, `release_deployed` once it was deployed (even if
 * unlocked since), `release_locked`.
 */
export async function refreshReleaseItems(
  ctx: Context,
  { project_id, release_id, version }: { project_id: string; release_id: string; version?: number },
): Promise<PinnedItem[]> {
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, project_id, release_id)
    refuseCodeOf(release.project_kind)
    authorize(ctx, 'release.edit', placeOf(release))
    requireVersion('release', release, version)
    if (await findDeployedState(unit.tx, release_id))
      throw new DomainError('release_deployed', { release_id })
    if (release.lock) throw new DomainError('release_locked', { release_id, by: release.lock })
    const before = await listReleaseItems(unit.tx, release_id)
    const latest = await latestPins(unit.tx, release, before)
    await upsertReleaseItems(unit.tx, release_id, latest, ctx.now())
    await touchRelease(ctx, unit, release)
    unit.record({
      kind: 'release.items_updated',
      project_id,
      subject_id: release_id,
      data: { count: latest.length },
    })
    return latest
  })
}
