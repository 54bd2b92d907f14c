import { listUnusedBlobs } from '#store/log-retention.ts'
import type { House } from '../context.ts'

/**
 * Removes those of these blobs that no row names any more. To be called when what named them is gone for good: rows
 * first, for a blob that nobody names does no harm, and a row whose blob is gone would.
 */
export async function removeUnusedBlobs(
  { db, blobs }: Pick<House, 'db' | 'blobs'>,
  digests: readonly string[],
): Promise<void> {
  if (digests.length === 0) return
  for (const digest of await listUnusedBlobs(db, digests)) await blobs.remove(digest)
}
