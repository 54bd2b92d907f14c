import { chainStart, nextHash } from '#domain/chain.ts'
import type { Db } from '#store/database.ts'
import { findLastSeal, listSealedEvents } from '#store/event-seal.ts'

export type ChainVerdict =
  /** `head`: the last hash, hexadecimal. Whoever kept an earlier one can hold the chain to it. */
  | { whole: true; length: number; head: string }
  /** The first position that is missing, or whose hash does not follow from what stands before it. */
  | { whole: false; broken_at: number; detail: string }

/** Reads the whole chain in pages and recomputes it. */
export async function verifyChain(db: Db, pageSize = 1000): Promise<ChainVerdict> {
  let length = 0
  let head: Uint8Array = chainStart
  for (;;) {
    const end = (await findLastSeal(db))?.position ?? 0
    const page = await listSealedEvents(db, { after: length, limit: pageSize })
    for (const event of page) {
      const position = length + 1
      if (event.position !== position) {
        return { whole: false, broken_at: position, detail: `the next position is ${event.position}` }
      }
      const hash = nextHash(head, event)
      if (!hash.equals(event.hash)) {
        return { whole: false, broken_at: position, detail: `event ${event.id} is not what was sealed` }
      }
      length = position
      head = hash
    }
    if (page.length > 0) continue
    if (end > length) return { whole: false, broken_at: length + 1, detail: 'the sealed event is gone' }
    return { whole: true, length, head: Buffer.from(head).toString('hex') }
  }
}
