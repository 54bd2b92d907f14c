import { isDeepStrictEqual } from 'node:util'
import { bareName, bareType, faultsOfAsset, type AssetData } from '#catalogue/content/read-asset.ts'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { findImportBytes } from '#store/content-import-file.ts'
import { claimItemsByUid, listDraftsOfItems, type ItemDraft } from '#store/content-import-write.ts'
import type { ContentItemRow } from '#store/content-item.ts'
import type { Unit } from '../context.ts'
import { assetVersion } from '../content/asset-version.ts'
import { claimWritingPlace } from '../content/content-place.ts'
import type { ForeignAsset, ForeignFolder } from './content-format.ts'
import { keepPublications, wantPublished } from './import-publications.ts'
import { count, newTally, skip, type Tally } from './tally.ts'
import type { Work } from './work.ts'
import { writeItems, type Decision } from './write-items.ts'

/** Brings assets in whose bytes were sent. What differs from what is there becomes a new version. */
export async function importAssets(
  work: Work,
  unit: Unit,
  file: string,
  assets: readonly ForeignAsset[],
): Promise<Tally> {
  const tally = newTally()
  const { project_id, branch, row } = work
  const { branch_id, master } = await claimWritingPlace(unit.tx, { project_id, branch })
  const there = await readThere(unit, branch_id, [
    ...assets.map(({ uid }) => uid),
    ...assets.flatMap(({ parent_uid }) => parent_uid ?? []),
  ])
  const bytes = await findImportBytes(
    unit.tx,
    row.id,
    assets.flatMap(({ files }) => files),
  )
  const changed: { asset: ForeignAsset; decision: Decision; isNew: boolean }[] = []
  const taken: { asset: ForeignAsset; draft: ItemDraft | undefined }[] = []
  for (const asset of assets) {
    const { uid } = asset
    const known = there.get(uid)
    const found = asset.files.map((path) => bytes.get(path)).find((one) => one !== undefined)
    const data = found && dataOf(asset, found)
    const fault = faultOf(known?.row, 'asset', uid) ?? (data ? faultOfData(data) : missingBytes(asset))
    if (fault !== undefined || !data) {
      skip(tally, 'asset', { file, item: uid, detail: fault ?? '' })
      continue
    }
    const parent_uid = parentOf(work, tally, file, asset, there)
    const draft = known?.draft
    const same = draft !== undefined && isSaid(draft.data, data)
    taken.push({ asset, draft })
    if (same && known?.row.parent_uid === parent_uid) continue
    // What was found out about the bytes stays true as long as they are the same.
    const facts = draft?.data.digest === data.digest ? draft.data : {}
    const said = { ...facts, ...data }
    const versions = same ? [] : [{ ...assetVersion(master, said), wanted_version: asset.version }]
    changed.push({ asset, isNew: !known, decision: { uid, row: known?.row, parent_uid, versions } })
  }
  const decisions = changed.map(({ decision }) => decision)
  const place = { branch_id, kind: 'asset' as const, content_type_uid: null }
  const numbers = row.dry_run ? new Map<string, number>() : await writeItems(work, unit, place, decisions)
  tell(tally, 'asset', taken.length, changed)
  record(work, unit, 'asset', decisions)
  const wanted = taken.flatMap(({ asset, draft }) =>
    wantPublished(work, tally, {
      ...{ uid: asset.uid, kind: 'asset', file, source_locale: master, version: asset.version },
      numbers: new Map([[asset.version, numbers.get(asset.uid) ?? draft?.version ?? asset.version]]),
      places: asset.published,
      others: new Set(),
    }),
  )
  await keepPublications(work, unit, wanted)
  return tally
}

/** Brings the folders of assets in. One that would lie within itself, or in none that is known, lies at the root. */
export async function importFolders(
  work: Work,
  unit: Unit,
  file: string,
  folders: readonly ForeignFolder[],
): Promise<Tally> {
  const tally = newTally()
  const { project_id, branch, row } = work
  const { branch_id, master } = await claimWritingPlace(unit.tx, { project_id, branch })
  const there = await readThere(
    unit,
    branch_id,
    folders.flatMap(({ uid, parent_uid }) => [uid, parent_uid ?? uid]),
  )
  const parents = new Map(folders.map(({ uid, parent_uid }) => [uid, parent_uid]))
  const changed: { decision: Decision; isNew: boolean }[] = []
  let taken = 0
  for (const { uid, name, parent_uid: asked, version } of folders) {
    const known = there.get(uid)
    const [wrong] = faultsOfAsset({ filename: name })
    const fault = faultOf(known?.row, 'folder', uid) ?? wrong?.detail
    if (fault !== undefined) {
      skip(tally, 'folder', { file, item: uid, detail: fault })
      continue
    }
    taken += 1
    const lost =
      asked !== null && (circles(parents, uid) || !(parents.has(asked) || isFolder(there.get(asked)?.row)))
    if (lost)
      tally.notes.push({
        ...{ kind: 'changed', file, item: uid },
        detail: `It lies at the root: there is no folder ${asked} that it could lie in.`,
      })
    const parent_uid = lost ? null : asked
    const same = known?.draft?.data.title === name
    if (same && known.row.parent_uid === parent_uid) continue
    const versions = same ? [] : [{ ...assetVersion(master, { title: name }), wanted_version: version }]
    changed.push({ isNew: !known, decision: { uid, row: known?.row, parent_uid, versions } })
  }
  const decisions = changed.map(({ decision }) => decision)
  if (!row.dry_run)
    await writeItems(work, unit, { branch_id, kind: 'folder', content_type_uid: null }, decisions)
  tell(tally, 'folder', taken, changed)
  record(work, unit, 'folder', decisions)
  return tally
}

interface There {
  row: ContentItemRow
  draft: ItemDraft | undefined
}

async function readThere(
  { tx }: Unit,
  branch_id: string,
  uids: readonly string[],
): Promise<Map<string, There>> {
  const rows = await claimItemsByUid(tx, { branch_id, uids: [...new Set(uids)].filter(isItemUid) })
  const drafts = await listDraftsOfItems(
    tx,
    rows.map(({ id }) => id),
  )
  const byItem = new Map(drafts.map((draft) => [draft.item_id, draft]))
  return new Map(rows.map((row) => [row.uid, { row, draft: byItem.get(row.id) }]))
}

function faultOf(row: ContentItemRow | undefined, kind: 'asset' | 'folder', uid: string): string | undefined {
  if (!isItemUid(uid)) return 'Its uid is none: a uid has letters, digits, dots, dashes, underscores.'
  if (row?.deleted_at) return 'There was an item of this uid, and it was deleted.'
  return row && row.kind !== kind
    ? `There is another item of this uid: ${row.content_type_uid ?? row.kind}.`
    : undefined
}

function missingBytes({ files }: ForeignAsset): string {
  return `Its file is not there, or is larger than a file may be: ${files[0] ?? 'it has no name'}.`
}

function dataOf(asset: ForeignAsset, bytes: { digest: string; size: number }): AssetData {
  const { title, filename, content_type, description, tags } = asset
  return {
    ...{ title, filename: bareName(filename), content_type: bareType(content_type) },
    ...{ description, tags: [...tags], digest: bytes.digest, size: bytes.size },
  }
}

function faultOfData({ title, filename, description, tags }: AssetData): string | undefined {
  const [fault] = faultsOfAsset({ title, filename, description, tags })
  return fault && `${fault.field}: ${fault.detail}`
}

/** Whether the draft says all of this; it may say more that was found out about the bytes. */
function isSaid(draft: ItemDraft['data'], data: AssetData): boolean {
  return Object.entries(data).every(([key, value]) => isDeepStrictEqual(draft[key], value))
}

function parentOf(
  work: Work,
  tally: Tally,
  file: string,
  { uid, parent_uid }: ForeignAsset,
  there: ReadonlyMap<string, There>,
): string | null {
  // A dry run makes no folders.
  if (parent_uid === null || work.row.dry_run || isFolder(there.get(parent_uid)?.row)) return parent_uid
  tally.notes.push({
    ...{ kind: 'changed', file, item: uid },
    detail: `It lies at the root: there is no folder ${parent_uid}.`,
  })
  return null
}

function isFolder(row: ContentItemRow | undefined): boolean {
  return row?.kind === 'folder' && row.deleted_at === null
}

function circles(parents: ReadonlyMap<string, string | null>, uid: string): boolean {
  const seen = new Set([uid])
  for (let at = parents.get(uid); at; at = parents.get(at)) {
    if (seen.has(at)) return true
    seen.add(at)
  }
  return false
}

function tell(
  tally: Tally,
  what: 'asset' | 'folder',
  taken: number,
  changed: readonly { isNew: boolean }[],
): void {
  const created = changed.filter(({ isNew }) => isNew).length
  count(tally, what, 'created', created)
  count(tally, what, 'updated', changed.length - created)
  count(tally, what, 'unchanged', taken - changed.length)
}

function record(
  { project_id, branch, row }: Work,
  unit: Unit,
  kind: string,
  decisions: readonly Decision[],
): void {
  if (row.dry_run || decisions.length === 0) return
  const uids = decisions.map(({ uid }) => uid)
  unit.record({
    kind: 'content.imported',
    project_id,
    subject_id: row.id,
    data: { branch, kind, items: uids.length, uids },
  })
}
