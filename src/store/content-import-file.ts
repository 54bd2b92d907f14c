import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface ContentImportFileTable {
  import_id: string
  path: string
  /** Of text. */
  content: string | null
  /** Of bytes, which lie in the blob store. */
  digest: string | null
  /** In bytes. */
  size: number
}

export type ImportFile = Omit<ContentImportFileTable, 'import_id'>

/** Files as they are sent; one that is sent again is the newer one. */
export async function upsertImportFiles(
  db: Db,
  importId: string,
  files: readonly ImportFile[],
): Promise<void> {
  if (files.length === 0) return
  await db
    .insertInto('content_import_file')
    .values(files.map((file) => ({ import_id: importId, ...file })))
    .onConflict((on) =>
      on.columns(['import_id', 'path']).doUpdateSet((eb) => ({
        content: eb.ref('excluded.content'),
        digest: eb.ref('excluded.digest'),
        size: eb.ref('excluded.size'),
      })),
    )
    .execute()
}

/** The paths of all text, in their order. Bytes are asked for by name. */
export async function listImportTexts(db: Db, importId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('content_import_file')
    .select('path')
    .where('import_id', '=', importId)
    .where('content', 'is not', null)
    .orderBy(sql`path collate "C"`)
    .execute()
  return rows.map(({ path }) => path)
}

export async function readImportTexts(
  db: Db,
  importId: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const rows = await filesAt(db, importId, paths)
  return new Map(rows.flatMap(({ path, content }) => (content === null ? [] : [[path, content] as const])))
}

/** The bytes that were sent at these paths, as far as they were. */
export async function findImportBytes(
  db: Db,
  importId: string,
  paths: readonly string[],
): Promise<Map<string, { digest: string; size: number }>> {
  const rows = await filesAt(db, importId, paths)
  return new Map(
    rows.flatMap(({ path, digest, size }) => (digest === null ? [] : [[path, { digest, size }] as const])),
  )
}

function filesAt(db: Db, importId: string, paths: readonly string[]) {
  return db
    .selectFrom('content_import_file')
    .select(['path', 'content', 'digest', 'size'])
    .where('import_id', '=', importId)
    .where('path', '=', sql<string>`any(${sql.val(paths)}::text[])`)
    .execute()
}

export async function sumImportFiles(
  db: Db,
  importId: string,
): Promise<{ files: number; text_bytes: number }> {
  const { rows } = await sql<{ files: number; text_bytes: number }>`
    select count(*) as files, coalesce(sum(size) filter (where content is not null), 0)::bigint as text_bytes
    from content_import_file where import_id = ${importId}
  `.execute(db)
  return rows[0] ?? { files: 0, text_bytes: 0 }
}

export async function removeImportFiles(db: Db, importId: string): Promise<void> {
  await db.deleteFrom('content_import_file').where('import_id', '=', importId).execute()
}
