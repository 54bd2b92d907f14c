import { contentKey, contentVersion, readContentKey, readContentVersion } from '#domain/content-key.ts'
import { byKey } from '#domain/item.ts'
import { listClosure, type ClosureRow, type ClosureSeed } from '#store/content-closure.ts'
import type { Db } from '#store/database.ts'

/** An item under a locale that pinned items refer to, directly or through others. */
export interface ReachedItem {
  key: string
  uid: string
  locale: string
  /** Content type uid, or `asset`; null: there is no such item, or it is nothing that can be published. */
  kind: string | null
  title: string | null
  /** Its latest version as it is pinned (`3`, `3@en-us`); null where nothing is written that could be. */
  version: string | null
  deleted: boolean
  in_progress: boolean
  /** With `served_in`: readers there find it once what is pinned is live. What it refers to was not looked at. */
  served: boolean
  /** 1: a pinned item refers to it. The shortest way counts. */
  depth: number
  /** Keys of the items that refer to it: pinned ones, and others that were reached. */
  referrers: string[]
}

export interface ClosureInput {
  project_id: string
  branch: string
  /** Pinned items as they are pinned. Without a version (an unpublish) an item refers to nothing, and is not served. */
  items: readonly { key: string; version: string | null }[]
  /** The environment whose readers count. Without one, all is followed to its end, at latest versions. */
  served_in?: string
  /** How many items are looked at, pinned ones included; 20,000 when left out. */
  most?: number
}

/**
 * All that pinned items refer to and that is not among them, to any depth, each once for every locale it is reached
 * under: by depth, then by key. References of the pinned items are those of their pinned versions, of others those of
 * their latest ones. One statement, circles end. `complete` is false where there was more than `most`.
 */
export async function referenceClosure(
  db: Db,
  { project_id, branch, items, served_in, most = 20_000 }: ClosureInput,
): Promise<{ reached: ReachedItem[]; complete: boolean }> {
  const seeds = items.flatMap((item) => seedOf(item, branch))
  if (seeds.length === 0) return { reached: [], complete: true }
  const rows = await listClosure(db, { project_id, branch, seeds, served_in, most: most + 1 })
  return { reached: walk(branch, rows.slice(0, most)), complete: rows.length <= most }
}

function seedOf({ key, version }: ClosureInput['items'][number], branch: string): ClosureSeed[] {
  const parts = readContentKey(key)
  if (parts?.branch !== branch) return []
  const { uid, locale } = parts
  const pin = version === null ? undefined : readContentVersion(version, locale)
  return [{ uid, locale, source_locale: pin?.source_locale ?? null, version: pin?.version ?? null }]
}

/** Breadth first, which gives the shortest way; a seed that is to go and is referred to was reached like any other. */
function walk(branch: string, rows: readonly ClosureRow[]): ReachedItem[] {
  const keyOf = ({ uid, locale }: { uid: string; locale: string }) => contentKey({ branch, uid, locale })
  const reached = new Map(
    rows.filter(({ seed }) => !seed).map((row) => [keyOf(row), { row, from: [] as string[] }]),
  )
  const depths = new Map<string, number>()
  let open = rows.filter(({ seed, version }) => seed && version !== null)
  for (let depth = 1; open.length > 0; depth++) {
    const next: ClosureRow[] = []
    for (const referrer of open) {
      for (const uid of referrer.served ? [] : referrer.reference_uids) {
        const key = keyOf({ uid, locale: referrer.locale })
        const found = reached.get(key)
        found?.from.push(keyOf(referrer))
        if (!found || depths.has(key)) continue
        depths.set(key, depth)
        next.push(found.row)
      }
    }
    open = next
  }
  return [...reached]
    .flatMap(([key, { row, from }]) => {
      const depth = depths.get(key)
      return depth === undefined ? [] : [itemOf(key, row, depth, from)]
    })
    .toSorted((a, b) => a.depth - b.depth || byKey(a, b))
}

function itemOf(key: string, row: ClosureRow, depth: number, from: string[]): ReachedItem {
  const { uid, locale, kind, content_type_uid, version, source_locale, title, deleted, in_progress, served } =
    row
  return {
    ...{ key, uid, locale, title, deleted, in_progress, served, depth },
    kind: kind === 'asset' ? 'asset' : kind === 'entry' ? content_type_uid : null,
    version: version !== null && source_locale ? contentVersion({ version, source_locale }, locale) : null,
    referrers: [...new Set(from)].toSorted(),
  }
}
