import { findContentImport, listImportDeployments, removeContentImport } from '#store/content-import.ts'
import { listImportNotes as notes, type ImportNoteRow } from '#store/content-import-note.ts'
import type { ContentImportRow } from '#store/content-import.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { unknownImport, viewImport, type ImportView } from './import-view.ts'

export interface ImportKey {
  project_id: string
  import_id: string
}

/** Throws `not_found`. */
export async function getImport(ctx: Context, key: ImportKey): Promise<ImportView> {
  const row = await findImport(ctx, key)
  authorize(ctx, 'catalogue.read', { project_id: key.project_id, branch: row.branch })
  return viewImport(row, await listImportDeployments(ctx.db, row.id))
}

/** What a person should know of it, in the order in which it was found. Throws `not_found`. */
export async function listImportNotes(
  ctx: Context,
  { limit, after, ...key }: ImportKey & { limit: number; after?: number | undefined },
): Promise<ImportNoteRow[]> {
  const row = await findImport(ctx, key)
  authorize(ctx, 'catalogue.read', { project_id: key.project_id, branch: row.branch })
  return notes(ctx.db, { import_id: row.id, limit, after })
}

/** Forgets an import and what was sent for it; what it brought in stays. Throws `not_found`. */
export async function removeImport(ctx: Context, key: ImportKey): Promise<void> {
  const row = await findImport(ctx, key)
  authorize(ctx, 'catalogue.edit', { project_id: key.project_id, branch: row.branch })
  await transact(ctx, ({ tx }) => removeContentImport(tx, row.id))
}

/** Whoever may read nothing here is not told what there is. The caller authorises for more. */
export async function findImport(ctx: Context, key: ImportKey): Promise<ContentImportRow> {
  authorize(ctx, 'project.read', { project_id: key.project_id })
  const row = await findContentImport(ctx.db, key)
  if (!row) throw unknownImport(key.import_id)
  return row
}
