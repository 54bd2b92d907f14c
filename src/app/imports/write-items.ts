import {
  insertItems,
  insertItemVersions,
  listTakenValues,
  moveItems,
  type ItemVersion,
} from '#store/content-import-write.ts'
import type { ContentItemRow, ItemKind } from '#store/content-item.ts'
import type { NewVersion } from '#store/content-version-write.ts'
import { authorIn, type Unit } from '../context.ts'
import { interrupted, type Work } from './work.ts'

/** What is to become of one item. */
export interface Decision {
  uid: string
  /** Undefined: there is none yet. */
  row: ContentItemRow | undefined
  parent_uid: string | null
  /** The first is what was brought in; others are what it carries into other locales. */
  versions: (NewVersion & { wanted_version: number })[]
}

export interface ItemPlace {
  branch_id: string
  kind: ItemKind
  content_type_uid: string | null
}

/**
 * Decisions whose unique values nobody else has, neither in the store nor before them in the list; the others are
 * given back with the field that is taken.
 */
export async function withoutTaken(
  { tx }: Unit,
  { branch_id, content_type_uid }: ItemPlace,
  decisions: readonly Decision[],
): Promise<{ free: Decision[]; taken: { uid: string; field: string; locale: string }[] }> {
  if (content_type_uid === null) return { free: [...decisions], taken: [] }
  const owners = new Map<string, string>()
  const blocked = new Map<string, { uid: string; field: string; locale: string }>()
  const asked = decisions.flatMap(({ uid, row, versions }, n) =>
    versions.flatMap(({ locale, unique }) =>
      unique.map(({ field, value }) => ({ n, uid, item_id: row?.id ?? null, field, locale, value })),
    ),
  )
  for (const { uid, field, locale, value } of asked) {
    const key = JSON.stringify([field, locale, String(value)])
    const owner = owners.get(key)
    if (owner === undefined) owners.set(key, uid)
    else if (owner !== uid) blocked.set(uid, { uid, field, locale })
  }
  const wanted = asked.map(({ uid: _, ...value }) => value)
  for (const { n, field, locale } of await listTakenValues(tx, { branch_id, content_type_uid, wanted })) {
    const { uid } = decisions[n]!
    blocked.set(uid, { uid, field, locale })
  }
  return { free: decisions.filter(({ uid }) => !blocked.has(uid)), taken: [...blocked.values()] }
}

/** Makes, moves and writes what was decided; answers the number of each item's first version, by uid. */
export async function writeItems(
  { ctx }: Work,
  { tx }: Unit,
  place: ItemPlace,
  decisions: readonly Decision[],
): Promise<Map<string, number>> {
  const stamp = { at: ctx.now(), by: authorIn(ctx) }
  const identified = decisions.map((decision) => ({ ...decision, id: decision.row?.id ?? ctx.newId() }))
  const made = identified.filter(({ row }) => row === undefined)
  const { branch_id, kind, content_type_uid } = place
  if (made.length > 0) {
    const items = made.map(({ id, uid, parent_uid }) => ({ id, uid, parent_uid, kind, content_type_uid }))
    if ((await insertItems(tx, { branch_id, items, ...stamp })) !== items.length) throw interrupted()
  }
  const moved = identified.filter(({ row, parent_uid }) => row && row.parent_uid !== parent_uid)
  if (moved.length > 0)
    await moveItems(
      tx,
      moved.map(({ id, parent_uid }) => ({ id, parent_uid })),
    )
  const versions = identified.flatMap(({ id, versions: own }): ItemVersion[] =>
    own.map((version) => ({ item_id: id, ...version })),
  )
  const numbers = new Map<string, number>()
  if (versions.length === 0) return numbers
  const written = await insertItemVersions(tx, { ...place, versions, ...stamp })
  if (!written.complete) throw interrupted()
  let at = 0
  for (const { uid, versions: own } of identified) {
    if (own.length > 0) numbers.set(uid, written.numbers[at] ?? 0)
    at += own.length
  }
  return numbers
}
