import { listPublishedGraph, type Step } from '#store/content-graph.ts'
import type { PublishedView } from '#store/content-published.ts'
import type { Context } from '../context.ts'
import { readerPlace, type Reader } from './reader-place.ts'

export type { Step } from '#store/content-graph.ts'

/**
 * Entries and assets that are live, by uid: what fields of files and references point at, and what those point at in
 * turn as far as the steps lead (from level 1), for any number of them in one statement. Assets always fall back,
 * their versions standing in the master locale.
 */
export async function listPublishedItems(
  ctx: Context,
  { uids, steps = [], ...asked }: Reader & { uids: readonly string[]; steps?: readonly Step[] },
): Promise<PublishedView[]> {
  const place = await readerPlace(ctx, asked)
  return place && uids.length > 0 ? listPublishedGraph(ctx.db, place, uids, steps) : []
}
