import { isText } from '#catalogue/content/json.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { findContentLocale, listContentLocales, type ContentLocaleRow } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface LocaleView {
  id: string
  code: string
  name: string
  /** Null: the master. */
  fallback: string | null
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export function viewLocale({ project_id: _, fallback_code, ...row }: ContentLocaleRow): LocaleView {
  return { ...row, fallback: fallback_code }
}

export function refuseName(name: string): void {
  if (!isText(name) || name.trim() === '') throw invalidField('name', 'required', 'A locale has a name.')
  if (name.length > 100) throw invalidField('name', 'too_long', 'A name has at most 100 characters.')
}

/** Throws `not_found`. */
export async function getLocale(
  ctx: Context,
  { project_id, code }: { project_id: string; code: string },
): Promise<LocaleView> {
  authorize(ctx, 'catalogue.read', { project_id })
  const row = await findContentLocale(ctx.db, { project_id, code })
  if (!row) throw new DomainError('not_found', { what: 'locale', id: code })
  return viewLocale(row)
}

/** The master first, then by code. */
export async function listLocales(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<LocaleView[]> {
  authorize(ctx, 'catalogue.read', { project_id })
  return (await listContentLocales(ctx.db, project_id)).map(viewLocale)
}
