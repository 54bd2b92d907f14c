import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { Event } from './event.ts'
import { testsOf, type WantedEvents } from './event-wanted.ts'

/** The chain: which event stands at which position, and the hash up to there. */
export interface EventSealTable {
  /** From 1, without gaps. */
  position: number
  ordinal: number
  xact: string
  hash: Buffer
}

export type SealedEvent = Event & Pick<EventSealTable, 'position' | 'hash'>

/** Any number will do as long as it stays the same: it names the lock of whoever seals. */
const lockKey = 4400_0002

/**
 * Whether this transaction is now the one that seals, until it ends. It will not wait for the disk: seals that a
 * power cut takes are made again, the same, from events that are there.
 */
export async function claimSealing(tx: Db): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${lockKey}) as mine, set_config('synchronous_commit', 'off', true)
  `.execute(tx)
  return rows[0]?.mine === true
}

/** The seal at a position. */
export async function findSeal(db: Db, position: number): Promise<EventSealTable | undefined> {
  return db.selectFrom('event_seal').selectAll().where('position', '=', position).executeTakeFirst()
}

/** Where the chain ends; undefined when it has not begun. */
export async function findLastSeal(db: Db): Promise<EventSealTable | undefined> {
  return db.selectFrom('event_seal').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()
}

export interface ChainLook {
  /** The oldest transaction still open: what is above it cannot be sealed yet. */
  xmin: string
  /** Whether the chain still holds the seal that was asked for. */
  held: boolean
  /** Whether there are committed events above it, which can be sealed when it ends. */
  pending: boolean
}

/**
 * How far sealing could go, and whether the chain still holds this seal. Without it seals were lost, in a crash of
 * the database; with it none before it was, since its hash follows from them.
 */
export async function lookAtChain(db: Db, seal: EventSealTable | undefined): Promise<ChainLook> {
  const { rows } = await sql<ChainLook>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, ${seal === undefined}::boolean or exists (
      select from event_seal where position = ${seal?.position ?? 0}::bigint
        and hash = decode(${seal?.hash.toString('hex') ?? ''}, 'hex')) as held, exists (
      select from event where xact >= pg_snapshot_xmin(pg_current_snapshot())
        and xact < pg_snapshot_xmax(pg_current_snapshot())
        and not exists (select from event_seal where event_seal.ordinal = event.ordinal)) as pending
  `.execute(db)
  return rows[0] ?? { xmin: '0', held: false, pending: false }
}

/** Heard by every process when events were sealed; the payload is the last position. */
export const sealedChannel = 'headgate_sealed'

export async function insertSeals(tx: Db, seals: readonly EventSealTable[]): Promise<void> {
  const rows = seals.map((seal) => ({ ...seal, hash: seal.hash.toString('hex') }))
  await sql`
    insert into event_seal (position, ordinal, xact, hash)
    select position, ordinal, xact, decode(hash, 'hex')
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as row (position bigint, ordinal bigint, xact xid8, hash text)
  `.execute(tx)
}

export interface SealedPage {
  /** The position after which the page begins: 0 for the first page. */
  after: number
  /** The last position to look at. */
  upto?: number
  limit: number
  project_id?: string
  wanted?: WantedEvents
}

/** Events in the order of the chain. */
export async function listSealedEvents(
  db: Db,
  { after, upto, limit, project_id, wanted }: SealedPage,
): Promise<SealedEvent[]> {
  let query = db
    .selectFrom('event_seal')
    .innerJoin('event', 'event.ordinal', 'event_seal.ordinal')
    .selectAll('event')
    .select(['event_seal.position', 'event_seal.hash'])
    .where('event_seal.position', '>', after)
    .orderBy('event_seal.position')
    .limit(limit)
  if (upto !== undefined) query = query.where('event_seal.position', '<=', upto)
  if (project_id !== undefined) query = query.where('event.project_id', '=', project_id)
  for (const test of wanted ? testsOf(wanted) : []) query = query.where(test)
  return query.execute()
}
