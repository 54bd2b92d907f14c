import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#catalogue/content/field.ts'
import { checkEntry, readEntry } from '#catalogue/content/read-entry.ts'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { carryMaster } from '#catalogue/content/walk-fields.ts'
import type { FieldFault } from '#domain/errors.ts'
import type { ItemDraft } from '#store/content-import-write.ts'
import type { ContentItemRow } from '#store/content-item.ts'
import type { EntryPlace } from '../content/content-place.ts'
import type { ForeignEntry } from './content-format.ts'
import { skip, type Tally } from './tally.ts'

/** An entry that is taken: as it stands already, or to be written. */
export interface Taken {
  entry: ForeignEntry
  row: ContentItemRow | undefined
  draft: ItemDraft | undefined
  data: JsonObject
  /** What its type asks for and it does not say. */
  missing: FieldFault | undefined
}

/**
 * What is to be taken of an entry; undefined where nothing is, with a note why. Its values must fit their fields'
 * types, as at any other door. What it may lack are mandatory values and rules that were made after it; fields that
 * its type does not have are left out.
 */
export function takeEntry(
  tally: Tally,
  file: string,
  place: EntryPlace,
  entry: ForeignEntry,
  { rows, drafts }: { rows: readonly ContentItemRow[]; drafts: readonly ItemDraft[] },
): Taken | undefined {
  const { uid } = entry
  const refuse = (detail: string) => {
    skip(tally, 'entry', { file, item: uid, detail })
    return undefined
  }
  if (!isItemUid(uid)) return refuse('Its uid is none: a uid has letters, digits, dots, dashes, underscores.')
  const row = rows.find((one) => one.uid === uid)
  if (row?.deleted_at) return refuse('There was an item of this uid, and it was deleted.')
  if (row && (row.kind !== 'entry' || row.content_type_uid !== place.type.uid))
    return refuse(`There is another item of this uid: ${row.content_type_uid ?? row.kind}.`)
  const { fields } = place.type
  const { passed_over } = entry
  const read = readEntry({ fields, input: entry.data, in_progress: true, strict: false, passed_over })
  const unknown = read.faults.filter(({ fault }) => fault === 'unknown')
  const [wrong] = read.faults.filter(({ fault }) => fault !== 'unknown')
  // Leaving out what is not known must not leave anything wrong behind.
  const [broken] =
    unknown.length > 0 ? readEntry({ fields, input: read.data, in_progress: true, strict: false }).faults : []
  const fault = wrong ?? broken
  if (fault) return refuse(`${fault.field}: ${fault.detail}`)
  if (unknown.length > 0)
    tally.notes.push({
      ...{ kind: 'changed', file, item: uid },
      detail: `Left out, since the content type has no such field: ${unknown.map(({ field }) => field).join(', ')}.`,
    })
  const own = drafts.filter(({ item_id }) => item_id === row?.id)
  const master = own.find(({ locale }) => locale === place.master)
  const carried =
    master && place.locale !== place.master ? carryMaster(fields, read.data, master.data) : read.data
  const data = withoutEmptyTags(carried)
  const [missing] = entry.in_progress ? [] : checkEntry(fields, data)
  if (missing)
    tally.notes.push({
      ...{ kind: 'changed', file, item: uid },
      detail: `It is taken as it is, and cannot be published before it says more: ${missing.field}: ${missing.detail}`,
    })
  return { entry, row, draft: own.find(({ locale }) => locale === place.locale), data, missing }
}

/** Whether it says already what is brought in. */
export function isSame({ entry, draft, data }: Taken): boolean {
  return (
    draft !== undefined &&
    draft.in_progress === entry.in_progress &&
    isDeepStrictEqual(withoutEmptyTags(draft.data), data)
  )
}

/** Having no tags is written down in two ways that mean the same. */
export function withoutEmptyTags(data: JsonObject): JsonObject {
  const { tags, ...rest } = data
  return Array.isArray(tags) && tags.length === 0 ? rest : data
}
