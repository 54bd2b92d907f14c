import { contentKey, readContentKey, readContentVersion } from '#domain/content-key.ts'
import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { listWrittenLocales } from '#store/content-draft.ts'
import type { NewBulkJobItem } from '#store/bulk-job-item.ts'
import type { Db } from '#store/database.ts'
import { getPlace } from '../content/content-place.ts'
import { transact, type Context } from '../context.ts'
import { authorizeRequest } from '../deployments/request-deployments.ts'
import { requestOneShotIn } from '../deployments/request-one-shot.ts'
import { tryPinItems, type ItemRequest } from '../releases/pin-items.ts'
import { pullReferences } from './pull-references.ts'
import { jobItem, recordJobIn } from './record-job.ts'

/** An entry or asset to be published, or taken away. */
export interface BulkItem {
  uid: string
  /** Content type uid, or `asset`; checked. */
  kind?: string
  /** Belongs to `locale`, and to the locales that have nothing of their own and read what it reads. */
  version?: number | null
  /** The master when left out. */
  locale?: string
}

export interface BulkPublication {
  project_id: string
  branch: string
  action: 'publish' | 'unpublish'
  items: readonly BulkItem[]
  /** Under which each is published; its own when there are none. `written`: all that it is written in. */
  locales: readonly string[] | 'written'
  environment_ids: readonly string[]
  /** Publishes all that they refer to as well, to any depth, at the latest versions. */
  with_references: boolean
  due_at?: Date
}

/** How many items one deployment may bring, references and locales included. */
const most = 10_000

/**
 * One deployment for each environment, of an unnamed release made for it: the job is their request. Throws `invalid`
 * (`items.<n>.…`), `limit_reached`, and what requestOneShot throws.
 */
export async function publishInBulk(ctx: Context, input: BulkPublication): Promise<{ job_id: string }> {
  const { project_id, branch, action, environment_ids, with_references, due_at } = input
  const place = { project_id, branch }
  authorizeRequest(ctx, place, environment_ids)
  return transact(ctx, async (unit) => {
    const roots = await pinRoots(unit.tx, input)
    const withReferences = with_references && action === 'publish'
    const pulled = withReferences ? await pullReferences(unit.tx, place, roots) : { pinned: [], items: [] }
    const pinned: PinnedItem[] = [...roots, ...pulled.pinned]
    if (pinned.length > most) throw new DomainError('limit_reached', { limit: 'items in one request', most })
    const deployments = await requestOneShotIn(ctx, unit, {
      ...{ ...place, environment_ids, items: pinned.map(asRequest), on_item_failure: 'continue' },
      ...(due_at ? { due_at } : {}),
    })
    const locales = input.locales === 'written' ? localesOf(roots) : [...input.locales]
    const facts = { ...place, kind: action, release_id: null, with_references: withReferences, locales }
    const told: NewBulkJobItem[] = [
      ...roots.map((item) => jobItem(item, { outcome: null })),
      ...pulled.items.map((item) => (item.outcome === 'done' ? { ...item, outcome: null } : item)),
    ]
    return { job_id: await recordJobIn(ctx, unit, facts, told, deployments[0]!.request_id) }
  })
}

interface Asked extends ItemRequest {
  /** Its place in the request. */
  n: number
  named: string
  /** The version that was named, which is this locale's only where it reads what the named one reads. */
  wanted: number | null
}

/** Each item under each locale, once. */
async function pinRoots(db: Db, input: BulkPublication): Promise<PinnedItem[]> {
  const asked = await spread(db, input)
  const first = await pin(
    db,
    input,
    asked,
    asked.map(({ key, kind, action }) => ({ key, action, ...(kind === undefined ? {} : { kind }) })),
  )
  if (input.action === 'unpublish' || asked.every(({ wanted }) => wanted === null)) return first
  const sources = new Map(first.map(({ key, version }) => [key, sourceOf(key, version)]))
  const exact = asked.map(({ n: _, named, wanted, ...request }) => {
    const own = sources.get(contentKey({ ...readContentKey(request.key)!, locale: named }))
    const mine = sources.get(request.key)
    // Where the named locale is not published itself, what it reads cannot be told from what this one reads.
    return { ...request, version: own === undefined || own === mine ? wanted : null }
  })
  return pin(db, input, asked, exact)
}

function sourceOf(key: string, version: string | null): string | undefined {
  const locale = readContentKey(key)?.locale ?? ''
  return version === null ? undefined : readContentVersion(version, locale)?.source_locale
}

async function spread(db: Db, publication: BulkPublication): Promise<Asked[]> {
  const { project_id, branch, items, locales, action } = publication
  // The master is what a place begins at.
  const { chain } = await getPlace(db, { project_id, branch })
  const [master = ''] = chain
  const written =
    locales === 'written'
      ? await listWrittenLocales(db, { project_id, branch, uids: items.map(({ uid }) => uid) })
      : []
  const asked = new Map<string, Asked>()
  for (const [n, { uid, kind, version = null, locale: named = master }] of items.entries()) {
    const own =
      locales === 'written' ? written.filter((one) => one.uid === uid).map(({ locale }) => locale) : locales
    for (const locale of own.length > 0 ? own : [named]) {
      const key = contentKey({ branch, uid, locale })
      // An item that is named once for each locale has its own version in each.
      if (asked.has(key) && locale !== named) continue
      asked.set(key, { n, key, named, action, wanted: version, ...(kind === undefined ? {} : { kind }) })
    }
  }
  return [...asked.values()]
}

/** Throws `invalid` with the faults at the places of the request. */
async function pin(
  db: Db,
  place: BulkPublication,
  asked: readonly Asked[],
  requests: readonly ItemRequest[],
): Promise<PinnedItem[]> {
  const { pinned, faults } = await tryPinItems(db, place, requests)
  if (faults.length === 0) return pinned
  const placed = faults.map((fault) => {
    const [list, at, ...rest] = fault.field.split('.')
    return { ...fault, field: [list, asked[Number(at)]?.n ?? at, ...rest].join('.') }
  })
  throw new DomainError('invalid', { faults: placed })
}

function asRequest({ key, kind, action, version, title }: PinnedItem): ItemRequest {
  const locale = readContentKey(key)?.locale ?? ''
  const number = version === null ? null : (readContentVersion(version, locale)?.version ?? null)
  return { key, kind, action: action === 'unpublish' ? action : 'publish', version: number, title }
}

function localesOf(items: readonly PinnedItem[]): string[] {
  return [...new Set(items.map(({ key }) => readContentKey(key)?.locale ?? ''))].toSorted()
}
