import type { PinnedItem } from '#domain/item.ts'
import { listReleaseItemPage, type ReleaseItemFilter } from '#store/release-item.ts'
import type { Context } from '../context.ts'
import { readRelease, type ReleaseNamed } from './read-place.ts'

/** Items of a release that are so, in the order in which they were added, after a position. Throws `not_found`. */
export async function findReleaseItems(
  ctx: Context,
  {
    project_id,
    release_id,
    limit,
    after,
    ...filter
  }: ReleaseNamed & ReleaseItemFilter & { limit: number; after?: number | undefined },
): Promise<(PinnedItem & { position: number })[]> {
  await readRelease(ctx, { project_id, release_id })
  return listReleaseItemPage(ctx.db, release_id, filter, { limit, after })
}
