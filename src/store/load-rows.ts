import { sql } from 'kysely'
import type { Db } from './database.ts'
import { isJson, type DumpedTable } from './dump-rows.ts'

export interface Reference {
  table: string
  name: string
  /** As SQL defines it: `FOREIGN KEY (…) REFERENCES …`. */
  definition: string
}

/** Keeps everybody else out of these tables until the transaction ends. */
export async function lockTables(tx: Db, tables: readonly DumpedTable[]): Promise<void> {
  await sql`lock table ${sql.join(tables.map(({ name }) => sql.table(name)))} in access exclusive mode`.execute(
    tx,
  )
}

/** The tables that hold rows. */
export async function listFilledTables(db: Db, tables: readonly DumpedTable[]): Promise<string[]> {
  const asked = tables.map(
    ({ name }) => sql`select ${name}::text as name where exists (select from ${sql.table(name)})`,
  )
  const { rows } = await sql<{ name: string }>`${sql.join(asked, sql` union all `)}`.execute(db)
  return rows.map(({ name }) => name)
}

/**
 * Takes all references between tables away, so that rows can come in any order, and answers what they were. To be
 * given to `addReferences` in the same transaction.
 */
export async function dropReferences(tx: Db): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace order by 1, 2
  `.execute(tx)
  for (const { table, name } of rows)
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(tx)
  return rows
}

/** Fails when a row refers to one that is not there. */
export async function addReferences(tx: Db, references: readonly Reference[]): Promise<void> {
  for (const { table, name, definition } of references)
    await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(
      tx,
    )
}

/** Inserts rows as `dumpRows` wrote them, numbers that the database gave included. Answers how many. */
export async function loadRows(
  tx: Db,
  { name, columns }: DumpedTable,
  lines: readonly string[],
): Promise<number> {
  const names = columns.map(({ name: column }) => sql.ref(column))
  const values = columns.map(({ name: column, type }) =>
    isJson(type) ? sql`${sql.ref(column)}::${sql.raw(type)}` : sql.ref(column),
  )
  const shape = columns.map(
    ({ name: column, type }) => sql`${sql.ref(column)} ${sql.raw(isJson(type) ? 'text' : type)}`,
  )
  const { numAffectedRows } = await sql`
    insert into ${sql.table(name)} (${sql.join(names)}) overriding system value
    select ${sql.join(values)} from json_to_recordset(${`[${lines.join(',')}]`}::json) as row (${sql.join(shape)})
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export async function setSequence(tx: Db, name: string, value: string): Promise<void> {
  await sql`select setval(${`public.${name}`}::regclass, ${value}::bigint)`.execute(tx)
}

/** Tells the planner how full the tables are now. */
export async function analyzeTables(db: Db): Promise<void> {
  await sql`analyze`.execute(db)
}
