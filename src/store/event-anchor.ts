import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface EventAnchorTable {
  one: boolean
  /** The last position of the chain that is gone by policy. */
  position: number
  /** The hash that stood there: what the next one follows from. */
  hash: Buffer
  pruned_at: Date
  /** The policy then. */
  keep_days: number
}

export type EventAnchor = Omit<Selectable<EventAnchorTable>, 'one'>

/** Undefined while the chain is there from its first event on. */
export function findAnchor(db: Db): Promise<EventAnchor | undefined> {
  return db
    .selectFrom('event_anchor')
    .select(['position', 'hash', 'pruned_at', 'keep_days'])
    .executeTakeFirst()
}

/**
 * The last position of the beginning of the chain in which every event happened before `before`, with its hash. The
 * last position of all is never among them: the next seal follows from it.
 */
export async function findLastBefore(
  db: Db,
  before: Date,
): Promise<{ position: number; hash: Buffer; count: number } | undefined> {
  const { rows } = await sql<{ position: number; hash: Buffer; count: number }>`
    with stop as (
      select coalesce(
        (select event_seal.position from event_seal join event on event.ordinal = event_seal.ordinal
          where event.at >= ${before} order by event_seal.position limit 1),
        (select max(position) from event_seal)) as position)
    select last.position, last.hash,
      last.position - (select min(position) from event_seal) + 1 as count
    from event_seal last, stop where last.position = stop.position - 1
  `.execute(db)
  return rows[0]
}

export async function putAnchor(db: Db, anchor: EventAnchor): Promise<void> {
  await db
    .insertInto('event_anchor')
    .values({ one: true, ...anchor })
    .onConflict((conflict) => conflict.column('one').doUpdateSet(anchor))
    .execute()
}

/** Removes events and their seals up to a position, so many at most. Answers how many went. */
export async function removeSealedEvents(db: Db, upTo: number, most: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ ordinal: number }>`
      delete from event_seal where position in (
        select position from event_seal where position <= ${upTo} order by position limit ${most})
      returning ordinal
    `.execute(tx)
    const ordinals = rows.map(({ ordinal }) => ordinal)
    if (ordinals.length > 0)
      await sql`delete from event where ordinal = any(${sql.val(ordinals)}::bigint[])`.execute(tx)
    return ordinals.length
  })
}
