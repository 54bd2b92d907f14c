import { checkEntry } from '#catalogue/content/read-entry.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { referenceUids, uniqueValues } from '#catalogue/content/walk-fields.ts'
import { DomainError } from '#domain/errors.ts'
import { insertContentVersions, type NewVersion, type VersionWrite } from '#store/content-version-write.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import type { EntryPlace } from './content-place.ts'

export interface EntryText {
  locale: string
  data: JsonObject
  in_progress: boolean
  /** Whether the data is known to keep the rules of its type. */
  checked: boolean
}

/** What is written down of an entry in a locale, besides what it says. */
export function versionOf(
  { type }: EntryPlace,
  { locale, data, in_progress, checked }: EntryText,
): NewVersion {
  const keeps = checked ? !in_progress : checkEntry(type.fields, data).length === 0
  return {
    locale,
    title: typeof data.title === 'string' ? data.title : '',
    data,
    in_progress,
    type_version: keeps ? type.version : null,
    reference_uids: referenceUids(type.fields, data),
    unique: uniqueValues(type.fields, data),
  }
}

/**
 * Writes the next version of an item, which must be held, in each locale. Answers their numbers by locale. Who says
 * when it was hands in `at`, so that what is answered is what is kept. Throws `invalid` (`entry.<field>` `not_unique`).
 */
export async function writeVersions(
  ctx: Context,
  { tx }: Unit,
  { at = ctx.now(), ...write }: Pick<VersionWrite, 'item' | 'versions'> & { at?: Date },
): Promise<Record<string, number>> {
  const { numbers, taken } = await insertContentVersions(tx, { ...write, at, by: authorIn(ctx) })
  if (taken.length > 0) {
    const faults = taken.map(({ field, locale }) => ({
      field: `entry.${field}`,
      fault: 'not_unique' as const,
      detail: `Another entry has this value in ${locale}.`,
    }))
    throw new DomainError('invalid', { faults })
  }
  return numbers
}
