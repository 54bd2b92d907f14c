import type { PinnedItem } from '#domain/item.ts'
import { countReleaseItems, listReleaseItems as rows } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from './release-view.ts'

/** In the order in which they were added. Throws `not_found`. */
export async function listReleaseItems(
  ctx: Context,
  input: { project_id: string; release_id: string; limit?: number; offset?: number },
): Promise<{ items: PinnedItem[]; total: number }> {
  const { project_id, release_id, ...page } = input
  authorize(ctx, 'release.read', { project_id })
  authorize(ctx, 'release.read', placeOf(await requireRelease(ctx.db, project_id, release_id)))
  const items = await rows(ctx.db, release_id, page)
  const whole = page.limit === undefined && page.offset === undefined
  return { items, total: whole ? items.length : await countReleaseItems(ctx.db, release_id) }
}
