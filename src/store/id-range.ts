import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Tables whose rows are also known by the beginning of their ids. */
export type RangedTable =
  | 'deployment'
  | 'environment'
  | 'infra_artifact'
  | 'project'
  | 'release_schedule'
  | 'token'
  | 'user'

/** The id that lies in a range, both ends included; undefined where none does, or more than one. */
export async function findIdBetween(
  db: Db,
  table: RangedTable,
  { low, high }: { low: string; high: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)} where id between ${low}::uuid and ${high}::uuid limit 2
  `.execute(db)
  return rows.length === 1 ? rows[0]!.id : undefined
}
