import { queueDays } from '#domain/bulk-job.ts'
import { removeBulkJobsBefore } from '#store/bulk-job.ts'
import type { Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** Removes jobs that nobody can ask about any more. Answers how many. */
export async function pruneBulkJobs(ctx: Context, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), queueDays)
  let gone = 0
  while (!stopping?.aborted) {
    const count = await removeBulkJobsBefore(ctx.db, before, atOnce)
    gone += count
    if (count < atOnce) break
  }
  return gone
}
