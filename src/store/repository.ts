import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Db } from './database.ts'

export interface RepositoryTable {
  id: string
  /** As people and clients say it: `acme/shop`. */
  name: string
  url: string
  /** Sealed. */
  credential: string | null
  /** Sealed. */
  hook_secret: string | null
  created_at: Date
  updated_at: Date
}

export type RepositoryRow = Selectable<RepositoryTable>

export function findRepository(db: Db, id: string): Promise<RepositoryRow | undefined> {
  return db.selectFrom('repository').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Those that there are, in no order. */
export function listRepositoriesById(db: Db, ids: readonly string[]): Promise<RepositoryRow[]> {
  return db
    .selectFrom('repository')
    .selectAll()
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** Names differ by more than case. */
export function findRepositoryByName(db: Db, name: string): Promise<RepositoryRow | undefined> {
  return db
    .selectFrom('repository')
    .selectAll()
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst()
}

export async function insertRepository(db: Db, row: Insertable<RepositoryTable>): Promise<void> {
  await db.insertInto('repository').values(row).execute()
}

export async function updateRepository(
  db: Db,
  { id, ...change }: Updateable<RepositoryTable> & { id: string; updated_at: Date },
): Promise<void> {
  await db.updateTable('repository').set(change).where('id', '=', id).execute()
}
