import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { Event } from './event.ts'

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

/** Where the chain ends; undefined when it has not begun. */
export async function findLastSeal(db: Db): Promise<EventSealTable | undefined> {
  return db.selectFrom('event_seal').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()
}

/**
 * The oldest transaction still open, and whether the chain still holds this seal. Without it seals were lost, in
 * a crash of the database; with it none before it was, since its hash follows from them.
 */
export async function lookAtChain(
  db: Db,
  seal: EventSealTable | undefined,
): Promise<{ xmin: string; held: boolean }> {
  const { rows } = await sql<{ xmin: string; held: boolean }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, ${seal === undefined}::boolean or exists (
      select from event_seal where position = ${seal?.position ?? 0}::bigint
        and hash = decode(${seal?.hash.toString('hex') ?? ''}, 'hex')) as held
  `.execute(db)
  return rows[0] ?? { xmin: '0', held: false }
}

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
  limit: number
  project_id?: string
}

/** Events in the order of the chain. */
export async function listSealedEvents(
  db: Db,
  { after, limit, project_id }: SealedPage,
): Promise<SealedEvent[]> {
  let query = db
    .selectFrom('event_seal')
    .innerJoin('event', 'event.ordinal', 'event_seal.ordinal')
    .selectAll('event')
    .select(['event_seal.position', 'event_seal.hash'])
    .where('event_seal.position', '>', after)
    .orderBy('event_seal.position')
    .limit(limit)
  if (project_id !== undefined) query = query.where('event.project_id', '=', project_id)
  return query.execute()
}
