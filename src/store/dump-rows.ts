import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface DumpedTable {
  name: string
  /** In their order, with their types in SQL. What the database computes by itself is not among them. */
  columns: { name: string; type: string }[]
}

/** Every table of ours but the list of migrations, by name. */
export async function listTables(db: Db): Promise<DumpedTable[]> {
  const { rows } = await sql<DumpedTable>`
    select c.relname as name, json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migration'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname
  `.execute(db)
  return rows
}

/** Where each sequence stands; those that gave no number yet are left out. Numbers as text: they may be large. */
export async function listSequences(db: Db): Promise<{ name: string; value: string }[]> {
  const { rows } = await sql<{ name: string; value: string }>`
    select sequencename as name, last_value::text as value from pg_sequences
    where schemaname = 'public' and last_value is not null order by sequencename
  `.execute(db)
  return rows
}

/** JSON inside a row is written as text, since null in JSON and no value at all are two things. */
export const isJson = (type: string): boolean => type === 'json' || type === 'jsonb'

/** Lines that are fetched at once are about so many characters together. */
const wanted = 1024 * 1024
const mostRows = 5000

/**
 * All rows of a table as lines of JSON, some at a time, from inside a transaction: one snapshot for all tables. Rows
 * differ in size by a factor of a million, so how many are fetched follows from what the last ones weighed.
 */
export async function* dumpRows(tx: Db, { name, columns }: DumpedTable): AsyncIterable<string[]> {
  const fields = columns.map(({ name: column, type }) =>
    isJson(type) ? sql`${sql.ref(column)}::text as ${sql.ref(column)}` : sql.ref(column),
  )
  await sql`
    declare dump no scroll cursor for
    select row_to_json(r)::text as line from (select ${sql.join(fields)} from ${sql.table(name)}) r
  `.execute(tx)
  let count = 16
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.raw(String(count))} from dump`.execute(tx)
    if (rows.length === 0) break
    const lines = rows.map(({ line }) => line)
    yield lines
    const size = lines.reduce((sum, line) => sum + line.length, 0)
    count = Math.max(1, Math.min(mostRows, Math.floor((rows.length * wanted) / size)))
  }
  await sql`close dump`.execute(tx)
}

/** Which migrations made the tables, in their order. */
export function listMigrations(db: Db): Promise<{ name: string; sha256: string }[]> {
  return db.selectFrom('migration').select(['name', 'sha256']).orderBy('name').execute()
}
