import { chainStart, nextHash } from '#domain/chain.ts'
import type { Db } from '#store/database.ts'
import { claimSealing, findLastSeal, insertSeals, type EventSealTable } from '#store/event-seal.ts'
import { listUnsealedEvents } from '#store/event.ts'

/** Events sealed in one transaction at most. */
export const batchSize = 1000

/**
 * Seals what can be sealed into the chain, one batch. One process does it at a time; to another there is nothing
 * to do. No writer ever waits for it.
 *
 * @returns how many events were sealed; fewer than `most` when the chain is up to date or somebody else is at it
 */
export async function sealEvents(db: Db, most = batchSize): Promise<number> {
  // Asked every second by every process: most often one statement finds that there is nothing.
  if ((await listUnsealedEvents(db, 1)).length === 0) return 0
  return db.transaction().execute(async (tx) => {
    if (!(await claimSealing(tx))) return 0
    const last = await findLastSeal(tx)
    const events = await listUnsealedEvents(tx, most)
    let position = last?.position ?? 0
    let hash: Uint8Array = last?.hash ?? chainStart
    const seals = events.map((event): EventSealTable => {
      const link = nextHash(hash, event)
      hash = link
      position += 1
      return { position, ordinal: event.ordinal, xact: event.xact, hash: link }
    })
    if (seals.length > 0) await insertSeals(tx, seals)
    return seals.length
  })
}
