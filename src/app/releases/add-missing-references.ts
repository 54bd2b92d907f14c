import { DomainError, invalidField } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { findEnvironment } from '#store/environment.ts'
import { listReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { touchRelease } from './add-release-items.ts'
import { findMissing } from './list-missing-references.ts'
import type { ReleaseNamed } from './read-place.ts'
import { holdOpenRelease, placeOf } from './release-view.ts'

/**
 * Adds to a release what `listMissingReferences` finds missing in an environment and can be added, at its latest
 * version: what it refers to itself is among it. Returns what was added. Throws `not_found`, `forbidden`,
 * `version_conflict`, `release_locked`, `limit_reached` (nothing is added then), `invalid`.
 */
export async function addMissingReferences(
  ctx: Context,
  input: ReleaseNamed & { environment_id: string; version?: number; most?: number },
): Promise<PinnedItem[]> {
  const { project_id, release_id, environment_id, version, most = 10_000 } = input
  authorize(ctx, 'release.edit', { project_id })
  authorize(ctx, 'live.read', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    const release = await holdOpenRelease(unit.tx, project_id, release_id, version)
    authorize(ctx, 'release.edit', placeOf(release))
    if (release.project_kind !== 'content')
      throw invalidField('release', 'invalid', 'It is not a release of content.')
    const environment = await findEnvironment(unit.tx, environment_id)
    if (environment?.project_id !== project_id)
      throw new DomainError('not_found', { what: 'environment', id: environment_id })
    const items = await listReleaseItems(unit.tx, release_id)
    const { missing } = await findMissing(unit.tx, { ...release, environment_id, items })
    const added = missing
      .filter(({ code }) => code === 'not_live')
      .map(({ key, kind, title, version: latest }): PinnedItem => ({
        ...{ key, kind: kind ?? '', action: 'publish', version: latest, title: title ?? key },
      }))
    if (added.length === 0) return []
    if (items.length + added.length > most)
      throw new DomainError('limit_reached', { limit: 'items of a release', most })
    await upsertReleaseItems(unit.tx, release_id, added, ctx.now())
    await touchRelease(ctx, unit, release)
    unit.record({
      kind: 'release.items_added',
      project_id,
      subject_id: release_id,
      data: {
        items: added
          .slice(0, 100)
          .map(({ key, action, version: pinned }) => ({ key, action, version: pinned })),
        count: added.length,
        missing_in: environment.name,
      },
    })
    return added
  })
}
