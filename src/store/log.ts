import { sql, type Generated, type Selectable } from 'kysely'
import type { Db } from './database.ts'
import type { Subject } from './dispatch.ts'

export const logStreams = ['engine', 'stdout', 'stderr', 'callback'] as const
export type LogStream = (typeof logStreams)[number]

export interface LogTable {
  /** The deployment's or the run's own id. */
  id: string
  deployment_id: string | null
  run_id: string | null
  lines: number
  bytes: number
  cut_by: string | null
  blob_digest: string | null
  /** How many of its first lines lie in the blob. */
  blob_lines: Generated<number>
  /** Where in the blob the lines 1, 1001, 2001, … begin: byte offsets. */
  blob_index: Generated<number[]>
}

export interface LogLineTable {
  log_id: string
  position: number
  at: Date
  stream: LogStream
  text: string
}

export type LogRow = Selectable<LogTable>
export type LogLine = Omit<LogLineTable, 'log_id'>
export type LogText = Omit<LogLine, 'position'>

export const logChannel = 'headgate_log'

export interface Append {
  /** Its own id: the append that reaches the limit is remembered by it. */
  id: string
  lines: readonly LogText[]
  most_bytes: number
  /** The line that says that the rest is left out. */
  cut_off: LogText
}

/** What a line costs beside its text, in bytes: empty ones are not for nothing. */
const ofEachLine = 64

/**
 * Adds lines after those that are there, in one statement, and wakes whoever reads along. What reaches the limit is
 * followed by one line that says so; after it only the engine's own are taken. Answers whether that is so.
 */
export async function appendLog(db: Db, subject: Subject, append: Append): Promise<boolean> {
  const log_id = subject.run_id ?? subject.deployment_id!
  const own = append.lines.filter(({ stream }) => stream === 'engine').length
  const bytes = append.lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + ofEachLine, 0)
  const said = [...append.lines, append.cut_off].map((line, index) => ({
    ...line,
    last: index === append.lines.length,
  }))
  const full = sql<boolean>`l.bytes + excluded.bytes > ${append.most_bytes}::bigint`
  const result = await sql<{ cut: boolean }>`
    with head as (
      insert into log as l (id, deployment_id, run_id, lines, bytes)
      values (${log_id}::uuid, ${subject.deployment_id ?? null}::uuid, ${subject.run_id ?? null}::uuid,
        ${append.lines.length}::bigint, ${bytes}::bigint)
      on conflict (id) do update set
        lines = l.lines + case when l.cut_by is not null then ${own}::bigint
          else excluded.lines + case when ${full} then 1 else 0 end end,
        bytes = l.bytes + case when l.cut_by is null then excluded.bytes else 0 end,
        cut_by = coalesce(l.cut_by, case when ${full} then ${append.id}::uuid end)
      returning id, lines, cut_by
    ), said as (
      select line.*, head.id as log_id, head.lines - count(*) over () + row_number() over (order by place) as position
      from head, rows from (jsonb_to_recordset(${JSON.stringify(said)}::jsonb)
        as (at timestamptz, stream text, text text, last boolean)) with ordinality
        as line (at, stream, text, last, place)
      where case when head.cut_by is null then not last
        when head.cut_by = ${append.id}::uuid then true
        else stream = 'engine' and not last end
    ), kept as (
      insert into log_line (log_id, position, at, stream, text)
      select log_id, position, at, stream, text from said
    )
    select cut_by is not null as cut, pg_notify(${logChannel}, ${log_id}) from head
  `.execute(db)
  return result.rows[0]?.cut ?? false
}

export function findLog(db: Db, id: string): Promise<LogRow | undefined> {
  return db.selectFrom('log').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Those that still lie in rows, in order, after a position. */
export function listLogLines(db: Db, id: string, page: { limit: number; after: number }): Promise<LogLine[]> {
  return db
    .selectFrom('log_line')
    .select(['position', 'at', 'stream', 'text'])
    .where('log_id', '=', id)
    .where('position', '>', page.after)
    .orderBy('position')
    .limit(page.limit)
    .execute()
}

/** From here on its first lines lie in a blob, and no longer in rows. False: another process did it before. */
export async function moveLogToBlob(
  db: Db,
  id: string,
  blob: { digest: string; lines: number; index: readonly number[] },
): Promise<boolean> {
  const result = await sql`
    with moved as (
      update log set blob_digest = ${blob.digest}, blob_lines = ${blob.lines}::bigint,
        blob_index = ${sql.val(blob.index)}::bigint[]
      where id = ${id}::uuid and blob_digest is null
      returning id
    ), gone as (
      delete from log_line using moved where log_id = moved.id and position <= ${blob.lines}::bigint
    )
    select from moved
  `.execute(db)
  return result.rows.length > 0
}
