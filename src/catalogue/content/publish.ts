import { applyPublication, type Publication } from '#store/content-publish-write.ts'
import type { Db } from '#store/database.ts'

/** The store, or a transaction in it, for those who reach it only through this catalogue. */
export type ContentStore = Db

/**
 * Makes readers be served what a stored plan says, in one statement. Answers what could not be done although the
 * plan knew no fault: items that were deleted since.
 */
export async function publish(
  tx: ContentStore,
  publication: Publication,
): Promise<{ key: string; code: string; reason: string }[]> {
  const gone = await applyPublication(tx, publication)
  return gone.map((key) => ({
    key,
    code: 'item_deleted',
    reason: 'The item was deleted since it was planned.',
  }))
}
