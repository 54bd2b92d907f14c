import { firstIdSince } from '#domain/ids.ts'
import { removeDriftBefore } from '#store/drift.ts'
import type { Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** What was found so long ago, and found anew since: a year of looks once an hour is enough to look back on. */
const keepDays = 400

/** Removes old looks for drift; the newest that says something stays. Answers how many. */
export async function pruneDrift(ctx: Context, stopping?: AbortSignal): Promise<number> {
  const before = firstIdSince(daysBefore(ctx.now(), keepDays))
  let gone = 0
  while (!stopping?.aborted) {
    const count = await removeDriftBefore(ctx.db, before, atOnce)
    gone += count
    if (count < atOnce) break
  }
  return gone
}
