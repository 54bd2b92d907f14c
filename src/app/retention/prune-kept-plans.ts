import { forgetKeptPlans } from '#store/plan-retention.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import type { Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** For so long after its deployment has ended, a plan can be deployed as it is. What was kept for that may hold secrets. */
const keepDays = 30

/** Lets go of what was kept to carry out plans that nobody carries out any more. Answers of how many. */
export async function pruneKeptPlans(ctx: Context, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), keepDays)
  let gone = 0
  while (!stopping?.aborted) {
    const digests = await forgetKeptPlans(ctx.db, before, atOnce)
    await removeUnusedBlobs(ctx, digests)
    gone += digests.length
    if (digests.length < atOnce) break
  }
  return gone
}
