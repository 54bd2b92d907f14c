import { isDeepStrictEqual } from 'node:util'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { carryMaster, flaggedPaths } from '#catalogue/content/walk-fields.ts'
import { isDomainError } from '#domain/errors.ts'
import { hasContentItems } from '#store/content-item.ts'
import { claimItemsByUid, listDraftsOfItems, type ItemDraft } from '#store/content-import-write.ts'
import type { Unit } from '../context.ts'
import { claimEntryPlace, claimWritingPlace, type EntryPlace } from '../content/content-place.ts'
import { versionOf } from '../content/write-versions.ts'
import type { ForeignEntry } from './content-format.ts'
import { keepPublications, wantPublished, type Numbered } from './import-publications.ts'
import { bringOldVersions } from './old-versions.ts'
import { stagedType } from './staged-types.ts'
import { count, newTally, skip, type Tally } from './tally.ts'
import { isSame, takeEntry, type Taken } from './take-entry.ts'
import type { Work } from './work.ts'
import { withoutTaken, writeItems, type Decision } from './write-items.ts'

export interface EntryFile {
  path: string
  content_type_uid: string
  locale: string
}

/**
 * Brings entries of one type and locale in. What differs from what is there becomes a new version; the rest stays
 * untouched, so that the same again changes nothing.
 */
export async function importEntries(
  work: Work,
  unit: Unit,
  file: EntryFile,
  entries: readonly ForeignEntry[],
): Promise<Tally> {
  const tally = newTally()
  const place = await placeOf(work, unit, file).catch((error: unknown) => {
    if (!isDomainError(error, 'not_found')) throw error
    const detail = `There is no ${error.details.what} ${error.details.id} for its ${entries.length} entries.`
    skip(tally, 'entry', { file: file.path, detail }, entries.length)
    return undefined
  })
  if (!place) return tally
  const rows = await claimItemsByUid(unit.tx, {
    branch_id: place.branch_id,
    uids: entries.flatMap(({ uid }) => (isItemUid(uid) ? [uid] : [])),
  })
  const drafts = await listDraftsOfItems(
    unit.tx,
    rows.map(({ id }) => id),
    localesNeeded(place),
  )
  const fit = entries.flatMap((entry) => takeEntry(tally, file.path, place, entry, { rows, drafts }) ?? [])
  const taken = await withoutSeconds(tally, unit, file, place, fit)
  const changed = taken.filter((one) => !isSame(one))
  const decided = changed.map((one) => decide(place, one, drafts))
  const items = { branch_id: place.branch_id, kind: 'entry' as const, content_type_uid: place.type.uid }
  const { free, taken: clashes } = await withoutTaken(unit, items, decided)
  for (const { uid, field, locale } of clashes)
    skip(tally, 'entry', {
      ...{ file: file.path, item: uid },
      detail: `Another entry has the same ${field} in ${locale}, which must be unique.`,
    })
  const numbers = work.row.dry_run ? new Map<string, number>() : await writeItems(work, unit, items, free)
  tell(tally, taken, changed, free)
  record(work, unit, file, changed, free)
  const others = localesOf(work, place.type.uid)
  const lost = new Set(clashes.map(({ uid }) => uid))
  const kept = taken.filter(({ entry }) => !lost.has(entry.uid))
  const old = await bringOldVersions(work, unit, file, place, kept)
  const wanted = kept.flatMap((one) => {
    const known = new Map([
      ...(old.get(one.entry.uid) ?? []),
      [one.entry.version, numberOf(one, numbers)] as const,
    ])
    return wantPublished(work, tally, { ...published(file, one), numbers: known, others })
  })
  await keepPublications(work, unit, wanted)
  return tally
}

/** A type that has one entry gets no second, as at any other door. */
async function withoutSeconds(
  tally: Tally,
  { tx }: Unit,
  { path, content_type_uid }: EntryFile,
  { branch_id, type }: EntryPlace,
  taken: readonly Taken[],
): Promise<readonly Taken[]> {
  const added = taken.filter(({ row }) => row === undefined)
  if (type.options.singleton !== true || added.length === 0) return taken
  const seconds = (await hasContentItems(tx, { branch_id, content_type_uid })) ? added : added.slice(1)
  for (const { entry } of seconds)
    skip(tally, 'entry', {
      ...{ file: path, item: entry.uid },
      detail: 'The content type has one entry only, which is there already.',
    })
  return taken.filter((one) => !seconds.includes(one))
}

async function placeOf(work: Work, { tx }: Unit, file: EntryFile): Promise<EntryPlace> {
  const { project_id, branch } = work
  const { locale, content_type_uid } = file
  if (!work.row.dry_run) return claimEntryPlace(tx, { project_id, branch, locale, content_type_uid })
  const staged = stagedType(work, content_type_uid)
  const known = work.staged.locales.some(({ code }) => code === locale)
  if (!staged) return claimEntryPlace(tx, { project_id, branch, locale, content_type_uid })
  const place = await claimWritingPlace(tx, { project_id, branch, ...(known ? {} : { locale }) })
  return { ...place, locale, type: { id: '', uid: content_type_uid, version: 0, ...staged } }
}

/** Other locales are read only where one may have something to carry into another. */
function localesNeeded({ type, locale, master }: EntryPlace): string[] | undefined {
  const carries = flaggedPaths(type.fields, 'non_localizable').length > 0
  if (!carries) return [locale]
  return locale === master ? undefined : [locale, master]
}

function decide(place: EntryPlace, taken: Taken, drafts: readonly ItemDraft[]): Decision {
  const { entry, row, data, missing } = taken
  const { locale } = place
  const checked = missing === undefined
  const own = versionOf(place, { locale, data, in_progress: entry.in_progress, checked })
  const others =
    row && locale === place.master
      ? drafts.filter((one) => one.item_id === row.id && one.locale !== locale)
      : []
  const carried = others.flatMap((draft) => {
    const other = carryMaster(place.type.fields, draft.data, data)
    if (isDeepStrictEqual(other, draft.data)) return []
    const { locale: at, in_progress } = draft
    const version = versionOf(place, { locale: at, data: other, in_progress, checked: false })
    return [{ ...version, wanted_version: 0 }]
  })
  return {
    uid: entry.uid,
    row,
    parent_uid: row?.parent_uid ?? null,
    versions: [{ ...own, wanted_version: entry.version }, ...carried],
  }
}

function tell(
  tally: Tally,
  taken: readonly Taken[],
  changed: readonly Taken[],
  free: readonly Decision[],
): void {
  const isFree = new Set(free.map(({ uid }) => uid))
  const written = changed.filter(({ entry }) => isFree.has(entry.uid))
  const created = written.filter(({ draft }) => draft === undefined).length
  count(tally, 'entry', 'created', created)
  count(tally, 'entry', 'updated', written.length - created)
  count(tally, 'entry', 'unchanged', taken.length - changed.length)
}

function record(
  { project_id, branch, row }: Work,
  unit: Unit,
  { content_type_uid, locale }: EntryFile,
  changed: readonly Taken[],
  free: readonly Decision[],
): void {
  if (row.dry_run || free.length === 0) return
  const uids = free.map(({ uid }) => uid)
  unit.record({
    kind: 'content.imported',
    project_id,
    subject_id: row.id,
    data: { branch, kind: content_type_uid, locale, items: uids.length, uids },
  })
}

/** The locales that have a file of entries of the type. */
function localesOf({ outline }: Work, type: string): ReadonlySet<string> {
  const files = outline.entries.filter(({ content_type_uid }) => content_type_uid === type)
  return new Set(files.map(({ locale }) => locale))
}

function published({ path, content_type_uid, locale }: EntryFile, { entry }: Taken) {
  const { uid, version, published: places } = entry
  return { uid, kind: content_type_uid, file: path, source_locale: locale, version, places }
}

/** The latest version's number here. */
function numberOf({ entry, draft, missing }: Taken, numbers: ReadonlyMap<string, number>): Numbered {
  if (missing)
    return { refused: `it does not keep the rules of its content type: ${missing.field}: ${missing.detail}` }
  return entry.in_progress
    ? { refused: 'it is in progress.' }
    : (numbers.get(entry.uid) ?? draft?.version ?? entry.version)
}
