import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface BulkJobTable {
  id: string
  project_id: string
  branch: string
  /** `add` and `refresh` items of a release; `publish`, `unpublish` and `delete` items themselves. */
  kind: 'add' | 'refresh' | 'publish' | 'unpublish' | 'delete'
  release_id: string | null
  with_references: boolean
  /** Those that were named. */
  locales: string[]
  requested_by: string | null
  created_at: Date
}

export type BulkJobRow = Selectable<BulkJobTable>

export async function insertBulkJob(db: Db, row: BulkJobRow): Promise<void> {
  await db.insertInto('bulk_job').values(row).execute()
}

export function findBulkJob(db: Db, id: string): Promise<BulkJobRow | undefined> {
  return db.selectFrom('bulk_job').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Removes jobs that were asked for before a time, so many at most, with their items. Answers how many. */
export async function removeBulkJobsBefore(db: Db, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from bulk_job where id in (
      select id from bulk_job where created_at < ${before} order by created_at limit ${most})
  `.execute(db)
  return Number(numAffectedRows)
}
