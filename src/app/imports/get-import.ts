import { findContentImport, listImportDeployments, removeContentImport } from '#store/content-import.ts'
import { listImportNotes as notes, type ImportNoteRow } from '#store/content-import-note.ts'
import type { ContentImportRow } from '#store/content-import.ts'
import type { Action } from '#domain/roles.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { unknownImport, viewImport, type ImportView } from './import-view.ts'

export interface ImportKey {
  project_id: string
  import_id: string
}

/** Throws `not_found`. */
export async function getImport(ctx: Context, key: ImportKey): Promise<ImportView> {
  const row = await findImport(ctx, key, 'catalogue.read')
  return viewImport(row, await listImportDeployments(ctx.db, row.id))
}

/** What a person should know of it, in the order in which it was found. Throws `not_found`. */
export async function listImportNotes(
  ctx: Context,
  { limit, after, ...key }: ImportKey & { limit: number; after?: number | undefined },
): Promise<ImportNoteRow[]> {
  const row = await findImport(ctx, key, 'catalogue.read')
  return notes(ctx.db, { import_id: row.id, limit, after })
}

/** Forgets an import and what was sent for it; what it brought in stays. Throws `not_found`. */
export async function removeImport(ctx: Context, key: ImportKey): Promise<void> {
  const row = await findImport(ctx, key, 'catalogue.edit')
  await transact(ctx, ({ tx }) => removeContentImport(tx, row.id))
}

/** An import, for whoever may do this where it is. Throws `not_found`, `forbidden`. */
export async function findImport(ctx: Context, key: ImportKey, action: Action): Promise<ContentImportRow> {
  const { project_id, import_id } = key
  const row = await findContentImport(ctx.db, key)
  authorize(ctx, action, row ? { project_id, branch: row.branch } : { project_id })
  if (!row) throw unknownImport(import_id)
  return row
}
