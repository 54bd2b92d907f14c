import type { Insertable, Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface ContentImportNoteTable {
  import_id: string
  position: number
  kind: 'skipped' | 'changed' | 'not_published'
  file: string
  /** Its uid, or a name. */
  item: string | null
  detail: string
}

export type ImportNoteRow = Selectable<ContentImportNoteTable>

export async function insertImportNotes(
  db: Db,
  notes: readonly Insertable<ContentImportNoteTable>[],
): Promise<void> {
  if (notes.length > 0) await db.insertInto('content_import_note').values(notes).execute()
}

/** In the order in which they were written down, after a position. */
export function listImportNotes(
  db: Db,
  { import_id, limit, after = 0 }: { import_id: string; limit: number; after?: number | undefined },
): Promise<ImportNoteRow[]> {
  return db
    .selectFrom('content_import_note')
    .selectAll()
    .where('import_id', '=', import_id)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute()
}
