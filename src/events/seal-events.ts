import { chainStart, nextHash } from '#domain/chain.ts'
import type { Db } from '#store/database.ts'
import {
  claimSealing,
  findLastSeal,
  insertSeals,
  lookAtChain,
  sealedChannel,
  type EventSealTable,
} from '#store/event-seal.ts'
import { listRestoredEvents, listUnsealedEvents, type Event, type EventPlace } from '#store/event.ts'
import { notify } from '#store/notify.ts'

/** Events sealed in one transaction at most. */
export const batchSize = 1000

/**
 * What one process knows to be sealed, so that it need not look there again. It holds for the run of a process
 * only: a restored store has other transaction numbers, and whoever opens it starts over.
 */
export interface SealProgress {
  /** Up to here every event has its seal, and no other can appear. */
  after: EventPlace
  /** Whether events out of a dump were looked for. */
  restored: boolean
  /** Whether the last look left committed events without a seal: an older transaction is open, or another process is at it. */
  pending: boolean
  /** A seal from when that was found out. If it goes, so does what is known. */
  seal: EventSealTable | undefined
}

/** Knows nothing: everything without a seal is looked for. */
export const startOver = (): SealProgress => ({
  after: { xact: '0', ordinal: 0 },
  restored: false,
  pending: false,
  seal: undefined,
})

/**
 * Seals what can be sealed into the chain, one batch. One process does it at a time; to another there is nothing
 * to do. No writer ever waits for it.
 *
 * @param progress is brought up to date
 * @returns how many events were sealed; fewer than `most` when the chain is up to date or somebody else is at it
 */
export async function sealEvents(db: Db, most = batchSize, progress = startOver()): Promise<number> {
  const { xmin, held, pending } = await lookAtChain(db, progress.seal)
  if (!held) Object.assign(progress, startOver())
  progress.pending = pending
  // Asked every second by every process: most often one or two statements find that there is nothing.
  if (progress.restored && progress.after.xact === xmin) return 0
  if ((await listNext(db, progress, xmin, 1)).length === 0) {
    Object.assign(progress, upTo(xmin), { seal: await findLastSeal(db) })
    return 0
  }
  const batch = await db.transaction().execute((tx) => sealBatch(tx, progress, xmin, most))
  if (!batch) {
    progress.pending = true
    return 0
  }
  const last = batch.events.at(-1)
  if (batch.events.length < most && !isRestored(batch.events, xmin)) Object.assign(progress, upTo(xmin))
  else if (last && !isRestored(batch.events, xmin))
    Object.assign(progress, { restored: true, after: { xact: last.xact, ordinal: last.ordinal } })
  progress.seal = batch.seal
  return batch.events.length
}

/** Every transaction below has ended, and what it wrote is sealed. */
const upTo = (xmin: string) => ({ restored: true, after: { xact: xmin, ordinal: 0 } })

const isRestored = (events: readonly Event[], xmin: string) =>
  events.some(({ xact }) => BigInt(xact) >= BigInt(xmin))

async function listNext(tx: Db, { restored, after }: SealProgress, below: string, limit: number) {
  const first = restored ? [] : await listRestoredEvents(tx, limit)
  return first.length > 0 ? first : listUnsealedEvents(tx, { after, below }, limit)
}

/** Undefined: another process is at it. */
async function sealBatch(tx: Db, progress: SealProgress, xmin: string, most: number) {
  if (!(await claimSealing(tx))) return undefined
  const last = await findLastSeal(tx)
  const events = await listNext(tx, progress, xmin, most)
  let position = last?.position ?? 0
  let hash: Uint8Array = last?.hash ?? chainStart
  const seals = events.map((event): EventSealTable => {
    const link = nextHash(hash, event)
    hash = link
    position += 1
    return { position, ordinal: event.ordinal, xact: event.xact, hash: link }
  })
  if (seals.length > 0) {
    await insertSeals(tx, seals)
    await notify(tx, sealedChannel, String(position))
  }
  return { events, seal: seals.at(-1) ?? last }
}
