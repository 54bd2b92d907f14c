import { removeSessionsBefore } from '#store/token.ts'
import { transact, type Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/** Ends sessions that were opened longer ago than the policy says. Answers how many. */
export async function pruneSessions(ctx: Context, keepDays: number, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), keepDays)
  let gone = 0
  while (!stopping?.aborted) {
    const ended = await transact(ctx, async ({ tx, record }) => {
      const ids = await removeSessionsBefore(tx, before, atOnce)
      if (ids.length > 0)
        record({ kind: 'user.sessions_ended', data: { session_ids: ids, because: 'older than the policy' } })
      return ids.length
    })
    gone += ended
    if (ended < atOnce) break
  }
  return gone
}
