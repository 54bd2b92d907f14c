import { chainOf, masterOf } from '#catalogue/content/locales.ts'
import type { Field, JsonObject } from '#catalogue/content/field.ts'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import { claimItemPlace, type ItemPlace } from '#store/content-item.ts'
import { findContentPlace } from '#store/content-locale.ts'
import type { Db } from '#store/database.ts'

/** Where content lies. `branch` is the branch's uid. */
export interface Place {
  project_id: string
  branch: string
}

/** A page by position. */
export interface Page {
  limit: number
  offset?: number
  with_total?: boolean
}

export function refuse(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw new DomainError('invalid', { faults: [...faults] })
}

/** Throws `not_found` for a number that no version can have, before the store finds it too large. */
export function refuseVersion(version: number | undefined): void {
  if (version === undefined || (Number.isInteger(version) && version > 0 && version < 2 ** 31)) return
  throw new DomainError('not_found', { what: 'version', id: String(version) })
}

/** A branch and a locale with its fallbacks. Throws `not_found` for either. */
export async function getPlace(
  db: Db,
  { project_id, branch, locale, follow = true }: Place & { locale?: string; follow?: boolean },
): Promise<{ branch_id: string; chain: string[] }> {
  const { branch_id, chain } = await findContentPlace(db, {
    project_id,
    branch,
    follow,
    ...(locale === undefined ? {} : { locale }),
  })
  if (branch_id === null) throw new DomainError('not_found', { what: 'branch', id: branch })
  if (chain.length === 0) throw new DomainError('not_found', { what: 'locale', id: locale ?? '' })
  return { branch_id, chain }
}

export interface WritingPlace {
  branch_id: string
  locales: ItemPlace['locales']
  master: string
  /** The locale that is written and what it falls back to, nearest first. */
  chain: string[]
  locale: string
}

export interface EntryPlace extends WritingPlace {
  type: { id: string; uid: string; version: number; fields: Field[]; options: JsonObject }
}

/** Where an asset or a folder is written. Throws `not_found`. */
export async function claimWritingPlace(
  db: Db,
  { project_id, branch, locale }: Place & { locale?: string },
): Promise<WritingPlace> {
  return writingPlace(await claimItemPlace(db, { project_id, branch }), branch, locale)
}

/** Where an entry is written, its content type held as it is until the transaction ends. Throws `not_found`. */
export async function claimEntryPlace(
  db: Db,
  { project_id, branch, locale, content_type_uid }: Place & { locale?: string; content_type_uid: string },
): Promise<EntryPlace> {
  const found = await claimItemPlace(db, { project_id, branch, type: content_type_uid })
  const place = writingPlace(found, branch, locale)
  const type = found?.type
  if (!type) throw new DomainError('not_found', { what: 'content type', id: content_type_uid })
  return { ...place, type: { ...type, fields: type.fields as unknown as Field[] } }
}

function writingPlace(found: ItemPlace | undefined, branch: string, asked: string | undefined): WritingPlace {
  if (!found) throw new DomainError('not_found', { what: 'branch', id: branch })
  const { branch_id, locales } = found
  const master = masterOf(locales) ?? ''
  const locale = asked ?? master
  const chain = chainOf(locales, locale)
  if (chain.length === 0) throw new DomainError('not_found', { what: 'locale', id: locale })
  return { branch_id, locales, master, chain, locale }
}
