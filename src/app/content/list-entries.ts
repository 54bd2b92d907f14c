import {
  askStore,
  readCondition,
  readOrder,
  type Condition,
  type Order,
} from '#catalogue/content/condition.ts'
import { listDrafts } from '#store/content-draft.ts'
import { findContentType } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Page, type Place } from './content-place.ts'
import { unknownType } from './content-type-input.ts'
import { viewEntry, type EntryView } from './get-entry.ts'
import { withPublishDetails } from './list-publish-details.ts'

export interface EntryListQuestion extends Place, Page {
  content_type_uid: string
  locale?: string
  /** Whether entries that are not written in the locale are listed as their nearest fallback says; yes when left out. */
  fallback?: boolean
  uids?: readonly string[]
  where?: Condition
  order?: readonly Order[]
  with_publish_details?: boolean
}

/** Latest updated first. Throws `not_found` (the branch, locale or content type), `invalid` (`where.…`, `order.…`). */
export async function listEntries(
  ctx: Context,
  asked: EntryListQuestion,
): Promise<{ entries: EntryView[]; total?: number }> {
  const { project_id, branch, content_type_uid, locale, fallback = true, uids, limit, offset = 0 } = asked
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const where = readCondition(asked.where)
  const place = { project_id, branch, follow: fallback, ...(locale === undefined ? {} : { locale }) }
  const { branch_id, chain } = await getPlace(ctx.db, place)
  const { items, total } = await askStore(
    listDrafts(ctx.db, {
      branch_id,
      kinds: ['entry'],
      content_type_uid,
      chain,
      limit,
      offset,
      ...(uids ? { uids } : {}),
      ...(where ? { where } : {}),
      order: readOrder(asked.order),
      with_total: asked.with_total ?? false,
    }),
  )
  // Only an empty list may be one of a type that is not there.
  if (items.length === 0 && !(await findContentType(ctx.db, { project_id, branch, uid: content_type_uid })))
    throw unknownType(content_type_uid)
  const entries = await withPublishDetails(ctx, branch_id, items.map(viewEntry), asked.with_publish_details)
  return total === undefined ? { entries } : { entries, total }
}
