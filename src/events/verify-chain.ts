import { chainStart, nextHash } from '#domain/chain.ts'
import type { Db } from '#store/database.ts'
import { findLastSeal, listSealedEvents } from '#store/event-seal.ts'
import { countUnsealedEvents } from '#store/event.ts'

export interface Unsealed {
  /** Events that no seal vouches for yet: a few while events are written, not many and not for long. */
  unsealed: number
  /** When the oldest of them happened, as ISO 8601. */
  unsealed_since: string | null
}

export type ChainVerdict = Unsealed &
  (
    | {
        whole: true
        length: number
        /** The last hash, hexadecimal: who keeps it can hold the chain to it. */ head: string
      }
    /** The first position that is missing, or whose hash does not follow from what stands before it. */
    | { whole: false; broken_at: number; detail: string }
  )

/** Reads the whole chain in pages and recomputes it. */
export async function verifyChain(db: Db, pageSize = 1000): Promise<ChainVerdict> {
  const { count, since } = await countUnsealedEvents(db)
  const unsealed: Unsealed = { unsealed: count, unsealed_since: since?.toISOString() ?? null }
  let length = 0
  let head: Uint8Array = chainStart
  for (;;) {
    const end = (await findLastSeal(db))?.position ?? 0
    const page = await listSealedEvents(db, { after: length, limit: pageSize })
    for (const event of page) {
      const position = length + 1
      if (event.position !== position) {
        return {
          ...unsealed,
          whole: false,
          broken_at: position,
          detail: `the next position is ${event.position}`,
        }
      }
      const hash = nextHash(head, event)
      if (!hash.equals(event.hash)) {
        return {
          ...unsealed,
          whole: false,
          broken_at: position,
          detail: `event ${event.id} is not what was sealed`,
        }
      }
      length = position
      head = hash
    }
    if (page.length > 0) continue
    if (end > length)
      return { ...unsealed, whole: false, broken_at: length + 1, detail: 'the sealed event is gone' }
    return { ...unsealed, whole: true, length, head: Buffer.from(head).toString('hex') }
  }
}
