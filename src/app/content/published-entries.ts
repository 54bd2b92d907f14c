import {
  askStore,
  readCondition,
  readOrder,
  type Condition,
  type Order,
} from '#catalogue/content/condition.ts'
import { DomainError } from '#domain/errors.ts'
import { findPublished, listPublished, type PublishedView } from '#store/content-published.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { Page, Place } from './content-place.ts'

export type { PublishedView } from '#store/content-published.ts'

/** Where readers stand, and in which language they ask. */
export interface Reader extends Place {
  environment_id: string
  /** The master when left out. */
  locale?: string
  /** Whether what is live in a fallback may stand in. */
  fallback?: boolean
}

/** An entry as it is live. Throws `not_found`. One statement, by primary keys. */
export async function getPublishedEntry(
  ctx: Context,
  asked: Reader & { content_type_uid: string; uid: string },
): Promise<PublishedView> {
  const { fallback: follow = false, ...key } = asked
  authorizeReader(ctx, asked)
  const found = await findPublished(ctx.db, { ...key, follow, kind: 'entry' })
  if (!found) throw new DomainError('not_found', { what: 'entry', id: asked.uid })
  return found
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
  const { content_type_uid, ...question } = asked
  return readPublished(ctx, { fallback: false, ...question }, { kind: 'entry', content_type_uid })
}

/** A page of entries or of assets. */
export async function readPublished(
  ctx: Context,
  asked: PublishedListQuestion,
  what: { kind: 'entry' | 'asset'; content_type_uid: string | null },
): Promise<{ items: PublishedView[]; total?: number }> {
  authorizeReader(ctx, asked)
  const { fallback: follow = false, offset = 0, with_total = false, order, where, ...page } = asked
  const condition = readCondition(where)
  return askStore(
    listPublished(ctx.db, {
      ...page,
      ...what,
      ...(condition ? { where: condition } : {}),
      follow,
      offset,
      with_total,
      order: readOrder(order),
    }),
  )
}

export function authorizeReader(ctx: Context, { project_id, environment_id, branch }: Reader): void {
  authorize(ctx, 'live.read', { project_id, environment_id, branch })
}
