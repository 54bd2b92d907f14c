import {
  askStore,
  readCondition,
  readOrder,
  type Condition,
  type Order,
} from '#catalogue/content/condition.ts'
import type { Field, JsonObject } from '#catalogue/content/field.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import {
  countContentTypes,
  findContentType,
  listContentTypes as rows,
  type ContentTypeRow,
} from '#store/content-type.ts'
import { findContentTypeVersion } from '#store/content-type-version.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, refuseVersion, type Page, type Place } from './content-place.ts'

export interface ContentTypeView {
  id: string
  uid: string
  title: string
  description: string
  /** Grows with every change of it. */
  version: number
  fields: Field[]
  /** Kept as it was given. */
  options: JsonObject
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export function viewContentType({ branch_id: _, fields, ...row }: ContentTypeRow): ContentTypeView {
  return { ...row, fields: fields as unknown as Field[] }
}

export type ContentTypeKey = Place & { uid: string }

/** The type of today, or as a version of it said. Throws `not_found` (the branch, the content type, the version). */
export async function getContentType(
  ctx: Context,
  { version, ...key }: ContentTypeKey & { version?: number },
): Promise<ContentTypeView> {
  authorize(ctx, 'catalogue.read', { project_id: key.project_id, branch: key.branch })
  if (version === undefined) return readContentType(ctx, key)
  refuseVersion(version)
  const row = await findContentTypeVersion(ctx.db, { ...key, version })
  if (row) return viewContentType(row)
  await readContentType(ctx, key)
  throw new DomainError('not_found', { what: 'version', id: String(version) })
}

/** The caller authorises. */
export async function readContentType(ctx: Context, { project_id, branch, uid }: ContentTypeKey) {
  const row = await findContentType(ctx.db, { project_id, branch, uid })
  if (row) return viewContentType(row)
  await getPlace(ctx.db, { project_id, branch })
  throw new DomainError('not_found', { what: 'content type', id: uid })
}

export interface ContentTypeQuery extends Place, Page {
  uids?: readonly string[]
  /** Asks for what a type says of itself (`system`), not for its fields. */
  where?: Condition
  order?: readonly Order[]
}

/** Latest updated first. Throws `not_found` (the branch), `invalid` (`where.…`, `order.…`). */
export async function listContentTypes(
  ctx: Context,
  query: ContentTypeQuery,
): Promise<{ content_types: ContentTypeView[]; total?: number }> {
  authorize(ctx, 'catalogue.read', { project_id: query.project_id, branch: query.branch })
  return readContentTypes(ctx, query)
}

/** The caller authorises. */
export async function readContentTypes(ctx: Context, query: ContentTypeQuery) {
  const { project_id, branch, uids, limit, offset = 0, with_total = false } = query
  const where = readCondition(query.where)
  const order = readOrder(query.order)
  if ((where && asksForMore(where)) || order.some((each) => !('system' in each)))
    throw invalidField('where', 'unknown', 'Content types are asked for by what they say of themselves.')
  const { branch_id } = await getPlace(ctx.db, { project_id, branch })
  const narrowed = { branch_id, ...(uids ? { uids } : {}), ...(where ? { where } : {}) }
  const page = await askStore(rows(ctx.db, { ...narrowed, order, limit, offset }))
  const content_types = page.map(viewContentType)
  return with_total ? { content_types, total: await countContentTypes(ctx.db, narrowed) } : { content_types }
}

function asksForMore(where: Condition): boolean {
  if ('all' in where) return where.all.some(asksForMore)
  if ('any' in where) return where.any.some(asksForMore)
  if ('none' in where) return where.none.some(asksForMore)
  return !('system' in where)
}
