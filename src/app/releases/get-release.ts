import { authorize } from '../authorize.ts'
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
