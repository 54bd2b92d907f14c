import { isDeepStrictEqual } from 'node:util'
import { checkEntry, readEntry } from '#catalogue/content/read-entry.ts'
import { readImportTexts } from '#store/content-import-file.ts'
import { claimItemsByUid, insertOldVersions, type OldVersion } from '#store/content-import-write.ts'
import { authorIn, type Unit } from '../context.ts'
import type { EntryPlace } from '../content/content-place.ts'
import { versionOf } from '../content/write-versions.ts'
import type { ForeignEntry } from './content-format.ts'
import type { EntryFile } from './import-entries.ts'
import type { Numbered } from './import-publications.ts'
import { readText } from './read-text.ts'
import { withoutEmptyTags, type Taken } from './take-entry.ts'
import type { Work } from './work.ts'

type Found = Map<string, Map<number, Numbered>>

/**
 * Versions of entries that were live and are not their latest, where the files have them: they come in under the
 * numbers that they had. Answers them by uid and number. The entries themselves have been written.
 */
export async function bringOldVersions(
  work: Work,
  unit: Unit,
  file: EntryFile,
  place: EntryPlace,
  taken: readonly Taken[],
): Promise<Found> {
  const found: Found = new Map()
  const old = work.row.publish ? await readOld(work, unit, file, taken) : []
  if (old.length === 0) return found
  const uids = [...new Set(old.map(({ uid }) => uid))]
  const items = await claimItemsByUid(unit.tx, { branch_id: place.branch_id, uids })
  const ids = new Map(items.map(({ id, uid }) => [uid, id]))
  const tell = ({ uid, version }: ForeignEntry, number: Numbered) =>
    void found.set(uid, (found.get(uid) ?? new Map<number, Numbered>()).set(version, number))
  const writes: { entry: ForeignEntry; row: OldVersion }[] = []
  for (const entry of old) {
    const { fields } = place.type
    const { data: input, passed_over, version } = entry
    const read = readEntry({ fields, input, strict: false, passed_over })
    const data = withoutEmptyTags(read.data)
    const [fault] = [...read.faults.filter((one) => one.fault !== 'unknown'), ...checkEntry(fields, data)]
    if (fault) tell(entry, { refused: `it does not keep the rules of its content type: ${fault.detail}` })
    else {
      tell(entry, version)
      const written = versionOf(place, { locale: place.locale, data, in_progress: false, checked: true })
      const item_id = ids.get(entry.uid)
      if (item_id !== undefined) writes.push({ entry, row: { ...written, item_id, version } })
    }
  }
  if (work.row.dry_run) return found
  const stamp = { at: work.ctx.now(), by: authorIn(work.ctx) }
  const stored = await insertOldVersions(unit.tx, { versions: writes.map(({ row }) => row), ...stamp })
  for (const { entry, row } of writes) {
    const here = stored.find((one) => one.item_id === row.item_id && one.version === row.version)
    if (!here || !isDeepStrictEqual(withoutEmptyTags(here.data), row.data))
      tell(entry, { refused: `version ${row.version} says something else here.` })
  }
  return found
}

/** What was live of these entries and is not the latest, as the files say it. */
async function readOld(
  { row, format }: Work,
  { tx }: Unit,
  file: EntryFile,
  taken: readonly Taken[],
): Promise<ForeignEntry[]> {
  const wanted = new Map<string, Set<number>>()
  for (const { entry } of taken)
    for (const { version } of entry.published)
      if (version !== entry.version) wanted.set(entry.uid, (wanted.get(entry.uid) ?? new Set()).add(version))
  const paths = new Map([...wanted.keys()].map((uid) => [format.versionsOf(file.path, uid), uid]))
  const old: ForeignEntry[] = []
  for (const [path, text] of await readImportTexts(tx, row.id, [...paths.keys()])) {
    const uid = paths.get(path) ?? ''
    const { json } = readText(path, text)
    const { items } = json === undefined ? { items: [] } : format.readEntries(path, json)
    const versions = new Map(items.map((one) => [one.version, one]))
    for (const version of wanted.get(uid) ?? []) {
      const entry = versions.get(version)
      if (entry?.uid === uid) old.push(entry)
    }
  }
  return old
}
