import { sql, type Generated, type GeneratedAlways, type Selectable } from 'kysely'
import type { Actor, EventKind, NewEvent } from '#domain/events.ts'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import { testsOf, type WantedEvents } from './event-wanted.ts'

export interface EventTable {
  ordinal: GeneratedAlways<number>
  id: string
  /** The transaction that wrote it: an xid8, as text. */
  xact: Generated<string>
  at: Date
  kind: EventKind
  project_id: string | null
  environment_id: string | null
  subject_id: string | null
  actor: JsonColumn<Actor>
  reason: string | null
  data: JsonColumnWithDefault<JsonObject>
}

export type Event = Selectable<EventTable>

/** An event ready to be written: stamped with its id, its time and who did it. */
export interface StampedEvent extends NewEvent {
  id: string
  at: Date
  actor: Actor
}

/** Writes all of them with one statement, whose text is always the same, so that it stays prepared. */
export async function insertEvents(db: Db, events: readonly StampedEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => ({ ...event, data: event.data ?? {} }))
  await sql`
    insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
    select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (
      id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
      actor jsonb, reason text, data jsonb)
  `.execute(db)
}

/** A place in the order in which events are sealed. */
export type EventPlace = Pick<Event, 'xact' | 'ordinal'>

/**
 * Events without a seal after `after` (a place) and of transactions below `below`, in the order of the chain.
 * Given a `pg_snapshot_xmin` for `below`, every transaction there has ended: no row can still become visible
 * beside these, whatever its ordinal.
 */
export async function listUnsealedEvents(
  db: Db,
  { after, below }: { after: EventPlace; below: string },
  limit: number,
): Promise<Event[]> {
  const { rows } = await sql<Event>`
    select event.* from event
    where xact < ${below}::xid8 and (xact, ordinal) > (${after.xact}::xid8, ${after.ordinal}::bigint)
      and not exists (select from event_seal where event_seal.ordinal = event.ordinal)
    order by xact, ordinal limit ${limit}
  `.execute(db)
  return rows
}

/**
 * Events without a seal whose transaction this cluster has yet to begin: they came out of a dump of another one,
 * so they are committed and older than what is written here.
 */
export async function listRestoredEvents(db: Db, limit: number): Promise<Event[]> {
  const { rows } = await sql<Event>`
    select event.* from event
    where xact >= pg_snapshot_xmax(pg_current_snapshot())
      and not exists (select from event_seal where event_seal.ordinal = event.ordinal)
    order by xact, ordinal limit ${limit}
  `.execute(db)
  return rows
}

/** How many events have no seal, and when the oldest of them happened. Reads all events. */
export async function countUnsealedEvents(db: Db): Promise<{ count: number; since: Date | null }> {
  const { rows } = await sql<{ count: number; since: Date | null }>`
    select count(*) as count, min(at) as since from event
    where not exists (select from event_seal where event_seal.ordinal = event.ordinal)
  `.execute(db)
  return rows[0] ?? { count: 0, since: null }
}

/** Newest first, before `before`. */
export function listEvents(
  db: Db,
  wanted: WantedEvents,
  { limit, before }: { limit: number; before?: number },
): Promise<Event[]> {
  let query = db.selectFrom('event').selectAll().orderBy('ordinal', 'desc').limit(limit)
  for (const test of testsOf(wanted)) query = query.where(test)
  if (before !== undefined) query = query.where('ordinal', '<', before)
  return query.execute()
}
