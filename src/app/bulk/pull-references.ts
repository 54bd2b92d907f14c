import { referenceClosure, type ReachedItem } from '#catalogue/content/reference-closure.ts'
import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { NewBulkJobItem } from '#store/bulk-job-item.ts'
import type { Db } from '#store/database.ts'
import { jobItem } from './record-job.ts'

const most = 20_000

export interface Pulled {
  /** To be pinned beside what was asked for, at their latest versions. */
  pinned: (PinnedItem & { depth: number })[]
  /** What became of each that was reached. */
  items: NewBulkJobItem[]
}

/**
 * All that items to be published refer to, to any depth: pinned, or left where `has` says that they are there, or
 * failed where there is nothing of them that could be published. Throws `limit_reached` where there is more than
 * anybody could look at.
 */
export async function pullReferences(
  db: Db,
  place: { project_id: string; branch: string },
  roots: readonly PinnedItem[],
  has: (key: string) => boolean = () => false,
): Promise<Pulled> {
  const items = roots.filter(({ action }) => action === 'publish')
  const { reached, complete } = await referenceClosure(db, { ...place, items, most })
  if (!complete) throw new DomainError('limit_reached', { limit: 'items with all that they refer to', most })
  const pulled: Pulled = { pinned: [], items: [] }
  for (const item of reached) {
    const { key, kind, depth, version } = item
    const title = item.title ?? item.uid
    const pin = { key, kind: kind ?? '', action: 'publish' as const, version, title }
    const reason = missing(item)
    if (has(key)) pulled.items.push(jobItem(pin, { outcome: 'unchanged', depth }))
    else if (reason !== undefined)
      pulled.items.push(jobItem(pin, { outcome: 'failed', code: 'missing', field: 'uid', reason, depth }))
    else {
      pulled.pinned.push({ ...pin, depth })
      pulled.items.push(jobItem(pin, { outcome: 'done', depth }))
    }
  }
  return pulled
}

/** Why it cannot come along. */
function missing({ uid, locale, kind, deleted, version, in_progress }: ReachedItem): string | undefined {
  if (kind === null) return `There is no item ${uid}, though it is referred to.`
  if (deleted) return `Item ${uid} was deleted, though it is referred to.`
  if (in_progress) return `Item ${uid} is in progress: its latest version is not finished.`
  return version === null
    ? `Item ${uid} is written neither in ${locale} nor in what it falls back to.`
    : undefined
}
