import { claimSealing } from '#store/event-seal.ts'
import { findAnchor, findLastBefore, putAnchor, removeSealedEvents } from '#store/event-anchor.ts'
import { transact, type Context } from '../context.ts'
import { atOnce, daysBefore } from './policy.ts'

/**
 * Lets events go that are older than the policy says, from the beginning of the chain on. What the rest follows from
 * is kept as an anchor, and that they went is an event: in one transaction, before the first row goes. A process that
 * dies on the way leaves rows that the anchor says are gone; the next run removes them.
 *
 * @returns how many rows went
 */
export async function pruneEvents(ctx: Context, keepDays: number, stopping?: AbortSignal): Promise<number> {
  const pruned_at = ctx.now()
  await transact(ctx, async ({ tx, record }) => {
    // So that the last position stays the last one.
    if (!(await claimSealing(tx))) return
    const last = await findLastBefore(tx, daysBefore(pruned_at, keepDays))
    const before = await findAnchor(tx)
    if (!last || last.position <= (before?.position ?? 0)) return
    const { position, hash } = last
    await putAnchor(tx, { position, hash, pruned_at, keep_days: keepDays })
    const events = position - (before?.position ?? 0)
    const data = { up_to: position, hash: hash.toString('hex'), events, keep_days: keepDays }
    record({ kind: 'history.pruned', data })
  })
  const anchor = await findAnchor(ctx.db)
  if (!anchor) return 0
  let gone = 0
  while (!stopping?.aborted) {
    const count = await removeSealedEvents(ctx.db, anchor.position, atOnce)
    gone += count
    if (count < atOnce) break
  }
  return gone
}
