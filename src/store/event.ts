import { sql, type Generated, type GeneratedAlways, type Selectable } from 'kysely'
import type { Actor, EventKind, NewEvent } from '#domain/events.ts'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

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

/**
 * Events that the chain does not hold yet, in its order. Only rows of transactions older than any that is still
 * open are taken: a row with a smaller ordinal may still become visible beside the others.
 */
export async function listUnsealedEvents(db: Db, limit: number): Promise<Event[]> {
  const { rows } = await sql<Event>`
    select event.*
    from event
    where xact < pg_snapshot_xmin(pg_current_snapshot())
      and (xact, ordinal) > (
        coalesce((select xact from event_seal order by position desc limit 1), '0'::xid8),
        coalesce((select ordinal from event_seal order by position desc limit 1), 0))
    order by xact, ordinal
    limit ${limit}
  `.execute(db)
  return rows
}

export interface EventFilter {
  /** Only of this project; undefined is of all, and of none. */
  project_id?: string
  subject_id?: string
  kind?: EventKind
}

/** Newest first, before `before`. */
export function listEvents(
  db: Db,
  filter: EventFilter,
  { limit, before }: { limit: number; before?: number },
): Promise<Event[]> {
  let query = db.selectFrom('event').selectAll().orderBy('ordinal', 'desc').limit(limit)
  if (filter.project_id !== undefined) query = query.where('project_id', '=', filter.project_id)
  if (filter.subject_id !== undefined) query = query.where('subject_id', '=', filter.subject_id)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (before !== undefined) query = query.where('ordinal', '<', before)
  return query.execute()
}
