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
    // The master is what a place begins at.
    const [master = ''] = chain
    const uids = [...new Set([...entries, ...assets].map(({ uid }) => uid))]
    const items = new Map((await claimContentItems(unit.tx, branch_id, uids)).map((item) => [item.uid, item]))
    const written = await listWrittenLocales(unit.tx, { ...place, uids })
    const found = (uid: string, kind: 'entry' | 'asset', type: string | null = null) => {
      const item = items.get(uid)
      return item?.kind === kind && item.content_type_uid === type ? item : undefined
    }
    const going = new Map<string, Going>()
    const told: NewBulkJobItem[] = []
    for (const { uid, content_type_uid: kind, locale } of entries) {
      const item = found(uid, 'entry', kind)
      const all = written.filter((one) => one.uid === uid).map((one) => one.locale)
      const goes = all.filter((code) => locale === undefined || code === locale)
      const asked = {
        key: contentKey({ branch, uid, locale: locale ?? master }),
        kind,
        action: 'delete' as const,
      }
      if (!item || goes.length === 0) told.push(refusedItem(asked, gone, 'not_there'))
      else {
        told.push(removed(asked))
        const locales = [...new Set([...(going.get(uid)?.locales ?? []), ...goes])]
        going.set(uid, { item, locales, whole: locales.length === all.length })
      }
    }
    for (const { uid } of assets) {
      const item = found(uid, 'asset')
      const asked = {
        key: contentKey({ branch, uid, locale: master }),
        kind: 'asset',
        action: 'delete' as const,
      }
      told.push(item ? removed(asked) : refusedItem(asked, gone, 'not_there'))
      if (item) going.set(uid, { item, locales: [], whole: true })
    }
    await remove(ctx, unit, { ...place, branch_id }, going)
    const locales = [...new Set(entries.flatMap(({ locale }) => locale ?? []))]
    const facts = { ...place, kind: 'delete' as const, release_id: null, with_references: false, locales }
    return { job_id: await recordJobIn(ctx, unit, facts, told) }
  })
}

async function remove(
  ctx: Context,
  unit: Unit,
  place: { project_id: string; branch: string; branch_id: string },
  going: ReadonlyMap<string, Going>,
): Promise<void> {
  if (going.size === 0) return
  const { project_id, branch } = place
  const goes = (uid: string, locale: string) => {
    const one = going.get(uid)
    return one !== undefined && (one.whole || one.locales.includes(locale))
  }
  await unpublishItems(ctx, unit, {
    ...place,
    uids: [...going.keys()],
    of: ({ uid, locale }) => goes(uid, locale),
    reason: `${going.size} items were deleted together.`,
  })
  const all = [...going.values()]
  const whole = all.filter((one) => one.whole)
  const partly = all.filter((one) => !one.whole)
  await removeContentItems(
    unit.tx,
    whole.map(({ item }) => item.id),
    ctx.now(),
  )
  await removeDraftsOf(
    unit.tx,
    partly.flatMap(({ item: { id }, locales }) => locales.map((locale) => ({ item_id: id, locale }))),
  )
  for (const { item, locales, whole: entire } of all) {
    const { id: subject_id, uid, kind, content_type_uid } = item
    const data =
      kind === 'asset'
        ? { branch, uid }
        : { branch, uid, content_type_uid, locales: entire ? 'all' : locales }
    unit.record({ kind: kind === 'asset' ? 'asset.removed' : 'entry.removed', project_id, subject_id, data })
  }
}

const gone = { field: 'uid', detail: 'There is no such item, or it was deleted already.' }

function removed({ key, kind, action }: { key: string; kind: string; action: 'delete' }): NewBulkJobItem {
  const done = { outcome: 'done' as const, code: null, field: null, reason: null, depth: 0 }
  return { item_key: key, kind, action, version: null, title: '', ...done }
}
