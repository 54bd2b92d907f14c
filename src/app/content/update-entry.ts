import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#catalogue/content/field.ts'
import { readEntry } from '#catalogue/content/read-entry.ts'
import { carryMaster, flaggedPaths } from '#catalogue/content/walk-fields.ts'
import { DomainError } from '#domain/errors.ts'
import { listDraftsOfItem } from '#store/content-draft.ts'
import { claimContentItem } from '#store/content-item.ts'
import type { NewVersion } from '#store/content-version-write.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { claimEntryPlace, refuse, type EntryPlace } from './content-place.ts'
import type { EntryKey, EntryView } from './get-entry.ts'
import { versionOf, writeVersions } from './write-versions.ts'

export interface EntryChange extends EntryKey {
  /** The master when left out. One that is not written yet is written from now on. */
  locale?: string
  /** Fields that are left out stay as they are, or as they were inherited. */
  data: JsonObject
  in_progress?: boolean
  /** Names in the data that say nothing where the type has no field of that name. */
  passed_over?: readonly string[]
}

type Draft = Awaited<ReturnType<typeof listDraftsOfItem>>[number]

/**
 * Writes the next version of an entry in a locale. Updates of one entry wait for each other, so that none is lost.
 * Fields that are not localised have the master's value everywhere: what the master changes in them is carried into
 * every written locale as a version of its own. Throws `not_found`, `invalid` (`entry.…`).
 */
export async function updateEntry(ctx: Context, input: EntryChange): Promise<EntryView> {
  const { project_id, branch, content_type_uid, uid, in_progress = false, passed_over } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    const place = await claimEntryPlace(unit.tx, input)
    const { type, locale } = place
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'entry', 'write')
    if (!item || item.content_type_uid !== content_type_uid)
      throw new DomainError('not_found', { what: 'entry', id: uid })
    const drafts = await readDrafts(unit, place, item.id)
    const master =
      locale === place.master ? undefined : drafts.find((draft) => draft.locale === place.master)?.data
    const carry = (data: JsonObject) => (master ? carryMaster(type.fields, data, master) : data)
    const base = carry(baseOf(place, drafts))
    const read = readEntry({ fields: type.fields, input: input.data, base, in_progress, passed_over })
    refuse(read.faults)
    const data = carry(read.data)
    const version = versionOf(place, { locale, data, in_progress, checked: true })
    const versions = [version, ...carriedInto(place, drafts, data)]
    const at = ctx.now()
    const numbers = await writeVersions(ctx, unit, { item, versions, at })
    const number = numbers[locale] ?? 0
    for (const written of versions)
      unit.record({
        kind: 'entry.updated',
        project_id,
        subject_id: item.id,
        data: {
          branch,
          uid,
          content_type_uid,
          locale: written.locale,
          version: numbers[written.locale],
          title: written.title,
        },
      })
    return {
      id: item.id,
      uid,
      content_type_uid,
      locale,
      version: number,
      version_name: null,
      title: version.title,
      data,
      in_progress,
      created_by: item.created_by,
      created_at: item.created_at,
      updated_by: authorIn(ctx),
      updated_at: at,
    }
  })
}

/** Other locales are read only where the master may have something to carry into them. */
function readDrafts(
  { tx }: Unit,
  { type, chain, locale, master }: EntryPlace,
  itemId: string,
): Promise<Draft[]> {
  const carries = locale === master && flaggedPaths(type.fields, 'non_localizable').length > 0
  return listDraftsOfItem(tx, itemId, carries ? undefined : [...chain, master])
}

/** What the locale says, or the nearest that it falls back to. */
function baseOf({ chain }: EntryPlace, drafts: readonly Draft[]): JsonObject {
  for (const code of chain) {
    const draft = drafts.find((each) => each.locale === code)
    if (draft) return draft.data
  }
  return {}
}

function carriedInto(place: EntryPlace, drafts: readonly Draft[], data: JsonObject): NewVersion[] {
  if (place.locale !== place.master) return []
  return drafts.flatMap((draft) => {
    if (draft.locale === place.master) return []
    const carried = carryMaster(place.type.fields, draft.data, data)
    if (isDeepStrictEqual(carried, draft.data)) return []
    const { locale, in_progress } = draft
    return [versionOf(place, { locale, data: carried, in_progress, checked: false })]
  })
}
