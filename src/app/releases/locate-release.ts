import { DomainError } from '#domain/errors.ts'
import { findReleasePlace } from '#store/release.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf } from './release-view.ts'

/** The project of a release that is named by its id alone. Throws `not_found`, also where the caller may not read it. */
export async function locateRelease(ctx: Context, { release_id }: { release_id: string }): Promise<string> {
  const named = { what: 'release' as const, id: release_id }
  const place = await findReleasePlace(ctx.db, release_id)
  if (!place) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'release.read', placeOf(place), named)
  return place.project_id
}
