import { listDraftLocales } from '#store/content-draft.ts'
import { listContentLocales } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { findEntryItem, type EntryKey } from './get-entry.ts'

export interface EntryLocale {
  code: string
  name: string
  fallback: string | null
  /** Whether the entry is written in it, rather than inherited. */
  localized: boolean
}

/** Every locale of the project, the master first. Throws `not_found`. */
export async function listEntryLocales(ctx: Context, key: EntryKey): Promise<EntryLocale[]> {
  const { project_id, branch } = key
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const { id } = await findEntryItem(ctx, key)
  const written = await listDraftLocales(ctx.db, id)
  const locales = await listContentLocales(ctx.db, project_id)
  return locales.map(({ code, name, fallback_code }) => ({
    code,
    name,
    fallback: fallback_code,
    localized: written.includes(code),
  }))
}
