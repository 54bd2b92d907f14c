import { chainStart, nextHash } from '#domain/chain.ts'
import { invalidField } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { findAnchor } from '#store/event-anchor.ts'
import { findLastSeal, findSeal, listSealedEvents, type SealedEvent } from '#store/event-seal.ts'
import { countUnsealedEvents } from '#store/event.ts'

export interface Unsealed {
  /** Events that no seal vouches for yet: a few while events are written, not many and not for long. */
  unsealed: number
  /** When the oldest of them happened, as ISO 8601. */
  unsealed_since: string | null
}

interface Basis {
  /** The position after which everything was recomputed; the hash that stands there was believed. 0: from the first. */
  verified_after: number
  /** What went by policy, as ISO 8601; null while all is there. */
  pruned: { up_to: number; at: string; keep_days: number } | null
}

export type ChainVerdict = Unsealed &
  Basis &
  (
    | {
        whole: true
        length: number
        /** The last hash, hexadecimal: who keeps it can hold the chain to it. */ head: string
      }
    /** The first position that is missing, or whose hash does not follow from what stands before it. */
    | { whole: false; broken_at: number; detail: string }
  )

interface Place {
  position: number
  hash: Uint8Array
}

export interface VerifyOptions {
  /** A position whose hash is believed, to recompute only what comes after it. */
  from?: number
  pageSize?: number
}

/**
 * Recomputes the chain, in pages that leave room for others: from its first event, or from what was kept of the ones
 * that went by policy. Throws `invalid` where `from` is no position of the chain.
 */
export async function verifyChain(
  db: Db,
  { from, pageSize = 500 }: VerifyOptions = {},
): Promise<ChainVerdict> {
  const { count, since } = await countUnsealedEvents(db)
  const unsealed: Unsealed = { unsealed: count, unsealed_since: since?.toISOString() ?? null }
  for (;;) {
    const anchor = await findAnchor(db)
    const start = await startAt(db, from, anchor)
    const pruned = anchor && {
      ...{ up_to: anchor.position, at: anchor.pruned_at.toISOString() },
      keep_days: anchor.keep_days,
    }
    const basis: Basis = { verified_after: start.position, pruned: pruned ?? null }
    const found = await follow(db, start, pageSize)
    if (!('broken_at' in found)) {
      const head = Buffer.from(found.hash).toString('hex')
      return { ...unsealed, ...basis, whole: true, length: found.position, head }
    }
    // What was looked for may have gone by policy meanwhile: then the chain begins later now.
    const moved = await findAnchor(db)
    if (moved && moved.position >= found.broken_at) continue
    return { ...unsealed, ...basis, whole: false, ...found }
  }
}

async function startAt(db: Db, from: number | undefined, anchor: Place | undefined): Promise<Place> {
  const first = anchor ?? { position: 0, hash: chainStart }
  if (from === undefined || from <= first.position) return first
  const seal = await findSeal(db, from)
  if (!seal) throw invalidField('query.from', 'invalid', 'is no position of the chain')
  return seal
}

/** The last place of the chain, or where it breaks. */
async function follow(
  db: Db,
  start: Place,
  pageSize: number,
): Promise<Place | { broken_at: number; detail: string }> {
  let last = start
  for (;;) {
    const end = (await findLastSeal(db))?.position ?? last.position
    const page = await listSealedEvents(db, { after: last.position, limit: pageSize })
    for (const event of page) {
      const next = step(last, event)
      if ('broken_at' in next) return next
      last = next
    }
    if (page.length > 0) continue
    return end > last.position ? { broken_at: last.position + 1, detail: 'the sealed event is gone' } : last
  }
}

function step({ position: before, hash: previous }: Place, event: SealedEvent) {
  const position = before + 1
  if (event.position !== position)
    return { broken_at: position, detail: `the next position is ${event.position}` }
  const hash = nextHash(previous, event)
  if (hash.equals(event.hash)) return { position, hash }
  return { broken_at: position, detail: `event ${event.id} is not what was sealed` }
}
