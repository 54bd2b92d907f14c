import { removeLogsBefore } from '#store/log-retention.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import type { Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** Removes the logs of deployments and runs that ended longer ago than the policy says. Answers how many. */
export async function pruneLogs(ctx: Context, keepDays: number, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), keepDays)
  let gone = 0
  while (!stopping?.aborted) {
    const { count, digests } = await removeLogsBefore(ctx.db, before, atOnce)
    await removeUnusedBlobs(ctx, digests)
    gone += count
    if (count < atOnce) break
  }
  return gone
}
