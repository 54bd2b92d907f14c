import type { Field, JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import {
  countContentTypes,
  findContentType,
  listContentTypes as rows,
  type ContentTypeRow,
} from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Page, type Place } from './content-place.ts'

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

/** Throws `not_found` (the branch or the content type). */
export async function getContentType(ctx: Context, key: ContentTypeKey): Promise<ContentTypeView> {
  authorize(ctx, 'catalogue.read', { project_id: key.project_id, branch: key.branch })
  return readContentType(ctx, key)
}

/** The caller authorises. */
export async function readContentType(ctx: Context, { project_id, branch, uid }: ContentTypeKey) {
  const row = await findContentType(ctx.db, { project_id, branch, uid })
  if (row) return viewContentType(row)
  await getPlace(ctx.db, { project_id, branch })
  throw new DomainError('not_found', { what: 'content type', id: uid })
}

export type ContentTypeQuery = Place & Page & { uids?: readonly string[] }

/** Latest updated first. Throws `not_found` (the branch). */
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
  const { branch_id } = await getPlace(ctx.db, { project_id, branch })
  const narrowed = { branch_id, ...(uids ? { uids } : {}) }
  const content_types = (await rows(ctx.db, { ...narrowed, limit, offset })).map(viewContentType)
  return with_total ? { content_types, total: await countContentTypes(ctx.db, narrowed) } : { content_types }
}
