import { listUnusedBlobs, removeLogsBefore } from '#store/log-retention.ts'
import type { Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** Removes the logs of deployments and runs that ended longer ago than the policy says. Answers how many. */
export async function pruneLogs(ctx: Context, keepDays: number, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), keepDays)
  let gone = 0
  while (!stopping?.aborted) {
    const { count, digests } = await removeLogsBefore(ctx.db, before, atOnce)
    // Rows first: a blob that nobody names does no harm, a row whose blob is gone would.
    for (const digest of await listUnusedBlobs(ctx.db, digests)) await ctx.blobs.remove(digest)
    gone += count
    if (count < atOnce) break
  }
  return gone
}
