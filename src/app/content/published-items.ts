import { listPublishedByUid, type PublishedView } from '#store/content-published.ts'
import type { Context } from '../context.ts'
import { authorizeReader, type Reader } from './published-entries.ts'

/**
 * Entries and assets that are live, by uid and in no order: what fields of files and references point at, for any
 * number of them in one statement. Assets always fall back, their versions standing in the master locale.
 */
export async function listPublishedItems(
  ctx: Context,
  asked: Reader & { uids: readonly string[] },
): Promise<PublishedView[]> {
  authorizeReader(ctx, asked)
  if (asked.uids.length === 0) return []
  const { fallback: follow = false, ...place } = asked
  return listPublishedByUid(ctx.db, { ...place, follow })
}
