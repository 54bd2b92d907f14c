import { sql, type Selectable } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface DispatchTable {
  id: string
  deployment_id: string | null
  run_id: string | null
  attempt: number
  executor: string
  settings: JsonColumn<JsonObject>
  state: 'begun' | 'waiting' | 'pausing' | 'ended'
  progress: JsonColumn<JsonObject>
  tokens_sha256: Buffer[]
  reported: JsonColumn<JsonObject | null>
  cancel_sent_at: Date | null
  resume_at: Date | null
  deadline_at: Date
  begun_at: Date
  ended_at: Date | null
  /** What the outside calls what it does for us, where it said so. */
  outside_id: string | null
}

export type DispatchRow = Selectable<DispatchTable>

/** What it is that was set out to do. */
export type Subject = { deployment_id: string; run_id?: never } | { run_id: string; deployment_id?: never }

const columnOf = (subject: Subject) => (subject.run_id === undefined ? 'deployment_id' : 'run_id')
const idOf = (subject: Subject) => subject.run_id ?? subject.deployment_id!

/** The one dispatch of a deployment or a run; held until the transaction ends where it is to be changed. */
export function findDispatch(db: Db, subject: Subject, hold = false): Promise<DispatchRow | undefined> {
  const query = db.selectFrom('dispatch').selectAll().where(columnOf(subject), '=', idOf(subject))
  return (hold ? query.forUpdate() : query).executeTakeFirst()
}

export function findDispatchById(db: Db, id: string): Promise<DispatchRow | undefined> {
  return db.selectFrom('dispatch').selectAll().where('id', '=', id).executeTakeFirst()
}

/** By its own id, held until the transaction ends. */
export function lockDispatch(db: Db, id: string): Promise<DispatchRow | undefined> {
  return db.selectFrom('dispatch').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export interface Beginning {
  id: string
  subject: Subject
  attempt: number
  executor: string
  settings: JsonObject
  at: Date
  deadline_at: Date
}

/** The intent, before anything is done. A later attempt takes the same row over, with all that is known of it. */
export async function beginDispatch(db: Db, beginning: Beginning): Promise<DispatchRow> {
  const { subject, settings, at, attempt, deadline_at, ...rest } = beginning
  return db
    .insertInto('dispatch')
    .values({
      ...rest,
      attempt,
      deadline_at,
      deployment_id: subject.deployment_id ?? null,
      run_id: subject.run_id ?? null,
      settings: JSON.stringify(settings),
      state: 'begun',
      progress: '{}',
      reported: 'null',
      tokens_sha256: [],
      begun_at: at,
    })
    .onConflict((on) =>
      on.column(columnOf(subject)).doUpdateSet({
        attempt,
        executor: rest.executor,
        settings: JSON.stringify(settings),
        state: 'begun',
        resume_at: null,
        cancel_sent_at: null,
        deadline_at,
        ended_at: null,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface DispatchChange {
  state?: DispatchRow['state']
  progress?: JsonObject
  reported?: JsonObject
  cancel_sent_at?: Date
  resume_at?: Date | null
  deadline_at?: Date
  ended_at?: Date
  outside_id?: string
}

/** False: it is at another attempt, or has ended. */
export async function updateDispatch(
  db: Db,
  { id, attempt }: { id: string; attempt: number },
  { progress, reported, ...change }: DispatchChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('dispatch')
    .set({
      ...change,
      ...(progress === undefined ? {} : { progress: JSON.stringify(progress) }),
      ...(reported === undefined ? {} : { reported: JSON.stringify(reported) }),
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '<>', 'ended')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** One more secret that a callback may bring. */
export async function addDispatchToken(db: Db, id: string, token_sha256: Buffer): Promise<void> {
  await db
    .updateTable('dispatch')
    .set({ tokens_sha256: sql`array_append(tokens_sha256, ${token_sha256}::bytea)` })
    .where('id', '=', id)
    .execute()
}

/** Those that are looked at again and again are to be looked at now. Whose they are; nobody's where none is that. */
export function hastenDispatches(
  db: Db,
  which: { executor: string; outside_id: string } | { dispatch_id: string },
  at: Date,
): Promise<{ deployment_id: string | null; run_id: string | null }[]> {
  const query = db.updateTable('dispatch').set({ resume_at: at })
  const found =
    'dispatch_id' in which
      ? query.where('id', '=', which.dispatch_id)
      : query.where('executor', '=', which.executor).where('outside_id', '=', which.outside_id)
  return found
    .where('state', '=', 'waiting')
    .where('resume_at', 'is not', null)
    .returning(['deployment_id', 'run_id'])
    .execute()
}

/** Those whose time has come: to be tried again, or past their deadline. Oldest first. */
export function listDueDispatches(db: Db, now: Date, limit: number) {
  return db
    .selectFrom('dispatch')
    .select(['deployment_id', 'run_id'])
    .where('state', 'in', ['waiting', 'pausing'])
    .where(sql<Date>`coalesce(resume_at, deadline_at)`, '<=', now)
    .orderBy(sql`coalesce(resume_at, deadline_at)`)
    .limit(limit)
    .execute()
}
