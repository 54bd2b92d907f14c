import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

/** Drift that is known and may stay. */
export interface DriftIgnoreTable {
  id: string
  environment_id: string
  item_key: string
  /** Null: all of them. */
  address: string | null
  attribute: string | null
  /** Null: until it is taken back. */
  until: Date | null
  reason: string | null
  created_by: string | null
  created_at: Date
}

export type DriftIgnoreRow = Selectable<DriftIgnoreTable>

export async function insertDriftIgnore(db: Db, row: DriftIgnoreRow): Promise<void> {
  await db.insertInto('drift_ignore').values(row).execute()
}

export function findDriftIgnore(db: Db, id: string): Promise<DriftIgnoreRow | undefined> {
  return db.selectFrom('drift_ignore').selectAll().where('id', '=', id).executeTakeFirst()
}

/** All of these environments, oldest first. */
export function listDriftIgnores(db: Db, environmentIds: readonly string[]): Promise<DriftIgnoreRow[]> {
  return db
    .selectFrom('drift_ignore')
    .selectAll()
    .where('environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .orderBy('id')
    .execute()
}

export async function removeDriftIgnore(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('drift_ignore').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** What is not in force any more says nothing. */
export async function removeOverDriftIgnores(db: Db, environmentId: string, at: Date): Promise<void> {
  await db
    .deleteFrom('drift_ignore')
    .where('environment_id', '=', environmentId)
    .where('until', '<=', at)
    .execute()
}
