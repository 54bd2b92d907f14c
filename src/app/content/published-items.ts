import { stepsOf, uidsWithin, type Include } from '#catalogue/content/include.ts'
import { listPublishedGraph } from '#store/content-graph.ts'
import type { PublishedView } from '#store/content-published.ts'
import type { Context } from '../context.ts'
import { typesOf } from './content-model.ts'
import { readerPlace, type Reader } from './reader-place.ts'

export type { Include } from '#catalogue/content/include.ts'

/**
 * Entries and assets that are live, by uid: for any number of them one statement. Assets always fall back, their
 * versions standing in the master locale.
 */
export async function listPublishedItems(
  ctx: Context,
  { uids, ...asked }: Reader & { uids: readonly string[] },
): Promise<PublishedView[]> {
  const place = await readerPlace(ctx, asked)
  return place && uids.length > 0 ? listPublishedGraph(ctx.db, place, uids, []) : []
}

/**
 * What these entries point at, and what that points at in turn, as far as it is to be included and is live: one
 * statement however deep, each once.
 */
export async function listPublishedBehind(
  ctx: Context,
  asked: Reader & { views: readonly PublishedView[]; include: Include },
): Promise<PublishedView[]> {
  const place = await readerPlace(ctx, asked)
  if (!place) return []
  const types = await typesOf(ctx, place.branch_id)
  const { views, include } = asked
  const uids = new Set<string>()
  const roots = new Set<string>()
  for (const { content_type_uid, data } of views) {
    const fields = types.get(content_type_uid ?? '')?.fields ?? []
    for (const uid of uidsWithin(fields, data, include)) uids.add(uid)
    if (content_type_uid !== null) roots.add(content_type_uid)
  }
  if (uids.size === 0) return []
  const steps = stepsOf(types, [...roots].toSorted(), include)
  return listPublishedGraph(ctx.db, place, [...uids], steps)
}
