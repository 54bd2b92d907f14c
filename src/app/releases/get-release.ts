import { DomainError } from '#domain/errors.ts'
import { findReleaseById } from '#store/release.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease, viewRelease, type ReleaseView } from './release-view.ts'

/** Throws `not_found`. */
export async function getRelease(
  ctx: Context,
  { project_id, release_id }: { project_id: string; release_id: string },
): Promise<ReleaseView> {
  authorize(ctx, 'release.read', { project_id })
  const release = await requireRelease(ctx.db, project_id, release_id)
  authorize(ctx, 'release.read', placeOf(release))
  return viewRelease(release)
}

/** As getRelease, named by its id alone. Throws `not_found`, also where the caller may not read it. */
export async function getReleaseById(
  ctx: Context,
  { release_id }: { release_id: string },
): Promise<ReleaseView> {
  const named = { what: 'release' as const, id: release_id }
  const release = await findReleaseById(ctx.db, release_id)
  if (!release) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'release.read', placeOf(release), named)
  return viewRelease(release)
}
