import { contentKey } from '#domain/content-key.ts'
import type { NewBulkJobItem } from '#store/bulk-job-item.ts'
import { listWrittenLocales, removeDraftsOf } from '#store/content-draft.ts'
import { claimContentItems, removeContentItems, type ContentItemRow } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { getPlace } from '../content/content-place.ts'
import { unpublishItems } from '../content/unpublish-items.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { recordJobIn, refusedItem } from './record-job.ts'

export interface BulkRemoval {
  project_id: string
  branch: string
  /** With a locale only what is written there goes; the last one takes the entry with it. */
  entries: readonly { uid: string; content_type_uid: string; locale?: string }[]
  assets: readonly { uid: string }[]
}

/** What goes of an item: the whole, or some of what is written. */
interface Going {
  item: ContentItemRow
  title: string
  locales: string[]
  whole: boolean
}

/**
 * Deletes entries and assets, all that are there in one transaction, and tells of each what became of it. What of
 * them is live is unpublished by deployments, which gates may hold up. Answers the job. Throws `not_found` (the branch).
 */
export async function removeInBulk(ctx: Context, input: BulkRemoval): Promise<{ job_id: string }> {
  const { project_id, branch, entries, assets } = input
  const place = { project_id, branch }
  authorize(ctx, 'catalogue.edit', place)
  return transact(ctx, async (unit) => {
    const { branch_id, chain } = await getPlace(unit.tx, place)
    const uids = [...new Set([...entries, ...assets].map(({ uid }) => uid))]
    const items = await claimContentItems(unit.tx, branch_id, uids)
    const written = await listWrittenLocales(unit.tx, { ...place, uids })
    // The master is what a place begins at.
    const { told, going } = decide(input, chain[0] ?? '', items, written)
    if (going.length > 0) await remove(ctx, unit, { ...place, branch_id }, going)
    const locales = [...new Set(entries.flatMap(({ locale }) => locale ?? []))]
    const facts = { ...place, kind: 'delete' as const, release_id: null, with_references: false, locales }
    return { job_id: await recordJobIn(ctx, unit, facts, told) }
  })
}

function decide(
  { branch, entries, assets }: BulkRemoval,
  master: string,
  items: readonly ContentItemRow[],
  written: readonly { uid: string; locale: string; title: string }[],
): { told: NewBulkJobItem[]; going: Going[] } {
  const going = new Map<string, Going>()
  const told: NewBulkJobItem[] = []
  const asked = [
    ...entries.map(({ content_type_uid, ...entry }) => ({ ...entry, kind: content_type_uid })),
    ...assets.map(({ uid }) => ({ uid, kind: assetKind, locale: undefined })),
  ]
  for (const { uid, kind, locale } of asked) {
    const item = items.find((one) => one.uid === uid && kindOf(one) === kind)
    const all = written.filter((one) => one.uid === uid)
    const goes = all.filter((one) => locale === undefined || one.locale === locale)
    const key = contentKey({ branch, uid, locale: locale ?? master })
    const [first] = goes
    if (!item || !first) told.push(refusedItem({ key, kind, action: 'delete' }, gone, 'not_there'))
    else {
      const { title } = first
      const locales = [...new Set([...(going.get(uid)?.locales ?? []), ...goes.map((one) => one.locale)])]
      going.set(uid, { item, title, locales, whole: locales.length === all.length })
      const done = { outcome: 'done' as const, code: null, field: null, reason: null, depth: 0 }
      told.push({ item_key: key, kind, action: 'delete', version: null, title, ...done })
    }
  }
  return { told, going: [...going.values()] }
}

const assetKind = 'asset'
const gone = { field: 'uid', detail: 'There is no such item, or it was deleted already.' }

/** As it is pinned; folders are not. */
function kindOf({ kind, content_type_uid }: ContentItemRow): string | null {
  return kind === 'asset' ? assetKind : kind === 'entry' ? content_type_uid : null
}

async function remove(
  ctx: Context,
  unit: Unit,
  place: { project_id: string; branch: string; branch_id: string },
  going: readonly Going[],
): Promise<void> {
  const { project_id, branch } = place
  const byUid = new Map(going.map((one) => [one.item.uid, one]))
  await unpublishItems(ctx, unit, {
    ...place,
    uids: [...byUid.keys()],
    of: ({ uid, locale }) => {
      const one = byUid.get(uid)
      return one !== undefined && (one.whole || one.locales.includes(locale))
    },
    reason: `${going.length} items were deleted together.`,
  })
  const whole = going.filter((one) => one.whole).map(({ item }) => item.id)
  await removeContentItems(unit.tx, whole, ctx.now())
  const partly = going.filter((one) => !one.whole)
  await removeDraftsOf(
    unit.tx,
    partly.flatMap(({ item: { id: item_id }, locales }) => locales.map((locale) => ({ item_id, locale }))),
  )
  for (const { item, title, locales, whole: all } of going) {
    const { id: subject_id, uid, kind, content_type_uid } = item
    const its = { branch, uid, title }
    if (kind === 'asset') unit.record({ kind: 'asset.removed', project_id, subject_id, data: its })
    else {
      const data = { ...its, content_type_uid, locales: all ? 'all' : locales }
      unit.record({ kind: 'entry.removed', project_id, subject_id, data })
    }
  }
}
