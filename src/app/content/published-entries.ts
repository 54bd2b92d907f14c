import {
  askStore,
  readCondition,
  readOrder,
  type Condition,
  type Order,
} from '#catalogue/content/condition.ts'
import { stepsOf, type Include } from '#catalogue/content/include.ts'
import { DomainError } from '#domain/errors.ts'
import { findPublishedGraph } from '#store/content-graph.ts'
import { findPublished, listPublished, type PublishedView } from '#store/content-published.ts'
import type { Context } from '../context.ts'
import { typesOf } from './content-model.ts'
import type { Page } from './content-place.ts'
import { readerPlace, type Reader } from './reader-place.ts'

export type { PublishedView } from '#store/content-published.ts'
export type { Reader } from './reader-place.ts'

type EntryKey = Reader & { content_type_uid: string; uid: string }

/** An entry as it is live. Throws `not_found`. One statement, by primary keys. */
export async function getPublishedEntry(ctx: Context, asked: EntryKey): Promise<PublishedView> {
  const place = await readerPlace(ctx, asked)
  const found = place && (await findPublished(ctx.db, place, { ...asked, kind: 'entry' }))
  if (!found) throw new DomainError('not_found', { what: 'entry', id: asked.uid })
  return found
}

/**
 * The same with what it points at, as far as that is to be included and is live: all in one statement, what several
 * point at once. Throws `not_found`.
 */
export async function getPublishedGraph(
  ctx: Context,
  { include, ...asked }: EntryKey & { include: Include },
): Promise<{ entry: PublishedView; behind: PublishedView[] }> {
  const place = await readerPlace(ctx, asked)
  if (!place) throw new DomainError('not_found', { what: 'entry', id: asked.uid })
  const steps = stepsOf(await typesOf(ctx, place.branch_id), [asked.content_type_uid], include)
  // It may point at itself.
  const behind = await findPublishedGraph(ctx.db, place, asked, steps)
  const entry = behind.find(({ uid }) => uid === asked.uid)
  if (!entry) throw new DomainError('not_found', { what: 'entry', id: asked.uid })
  return { entry, behind }
}

export interface PublishedListQuestion extends Reader, Page {
  uids?: readonly string[]
  where?: Condition
  order?: readonly Order[]
}

/** What is live of a content type, latest published first: one statement. Throws `invalid` (`where.…`, `order.…`). */
export async function listPublishedEntries(
  ctx: Context,
  asked: PublishedListQuestion & { content_type_uid: string },
): Promise<{ items: PublishedView[]; total?: number }> {
  return readPublished(ctx, asked, { kind: 'entry', content_type_uid: asked.content_type_uid })
}

/** A page of entries or of assets. */
export async function readPublished(
  ctx: Context,
  asked: PublishedListQuestion,
  what: { kind: 'entry' | 'asset'; content_type_uid: string | null },
): Promise<{ items: PublishedView[]; total?: number }> {
  const place = await readerPlace(ctx, asked)
  const { offset = 0, with_total = false, limit, uids } = asked
  const where = readCondition(asked.where)
  const order = readOrder(asked.order)
  if (!place) return { items: [], ...(with_total ? { total: 0 } : {}) }
  const page = { ...what, ...(uids ? { uids } : {}), ...(where ? { where } : {}), order }
  return askStore(listPublished(ctx.db, place, { ...page, limit, offset, with_total }))
}
