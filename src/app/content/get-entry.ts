import type { JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { findDraft, type DraftView } from '#store/content-draft.ts'
import { findContentItem } from '#store/content-item.ts'
import { findContentType } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, refuseVersion, type Place } from './content-place.ts'
import { readPublishDetails, type PublishDetail } from './list-publish-details.ts'

/** An entry as one of its versions says it. */
export interface EntryView {
  id: string
  uid: string
  content_type_uid: string
  /** In which it is written: the locale asked for, or the fallback that stands in. */
  locale: string
  version: number
  version_name: string | null
  title: string
  /** The values of its fields, and `tags`. */
  data: JsonObject
  in_progress: boolean
  created_by: string | null
  created_at: Date
  /** Of this version. */
  updated_by: string | null
  updated_at: Date
  publish_details?: PublishDetail[]
}

export function viewEntry(row: DraftView): EntryView {
  const { branch_id: _, kind: _kind, parent_uid: _parent, content_type_uid, ...entry } = row
  return { ...entry, content_type_uid: content_type_uid ?? '' }
}

export interface EntryKey extends Place {
  content_type_uid: string
  uid: string
}

export interface EntryQuestion extends EntryKey {
  locale?: string
  /** The latest when left out. */
  version?: number
  /** Whether the nearest fallback may stand in where the locale is not written; yes when left out. */
  fallback?: boolean
  with_publish_details?: boolean
}

/** Throws `not_found`: the branch, locale, content type, entry or version. */
export async function getEntry(ctx: Context, asked: EntryQuestion): Promise<EntryView> {
  const { project_id, branch, content_type_uid, uid, locale, version, fallback = true } = asked
  authorize(ctx, 'catalogue.read', { project_id, branch })
  refuseVersion(version)
  const row = await findDraft(ctx.db, {
    project_id,
    branch,
    uid,
    kind: 'entry',
    content_type_uid,
    follow: fallback,
    ...(locale === undefined ? {} : { locale }),
    ...(version === undefined ? {} : { version }),
  })
  if (!row) throw await whatIsMissing(ctx, asked)
  const view = viewEntry(row)
  if (!asked.with_publish_details) return view
  const details = await readPublishDetails(ctx, row.branch_id, [uid])
  return { ...view, publish_details: details.get(uid) ?? [] }
}

/** Asked only when something is: which of the names leads nowhere. */
async function whatIsMissing(ctx: Context, asked: EntryQuestion): Promise<DomainError> {
  const { project_id, branch, content_type_uid, uid, locale, version } = asked
  await getPlace(ctx.db, { project_id, branch, ...(locale === undefined ? {} : { locale }) })
  if (!(await findContentType(ctx.db, { project_id, branch, uid: content_type_uid })))
    return new DomainError('not_found', { what: 'content type', id: content_type_uid })
  const item = await findContentItem(ctx.db, { project_id, branch, uid }, 'entry')
  if (version !== undefined && item?.content_type_uid === content_type_uid)
    return new DomainError('not_found', { what: 'version', id: String(version) })
  return new DomainError('not_found', { what: 'entry', id: uid })
}

/** The entry behind a key, as an item. Throws `not_found` (the branch or the entry). */
export async function findEntryItem(ctx: Context, { content_type_uid, ...key }: EntryKey) {
  const item = await findContentItem(ctx.db, key, 'entry')
  if (item && item.content_type_uid === content_type_uid) return item
  await getPlace(ctx.db, key)
  throw new DomainError('not_found', { what: 'entry', id: key.uid })
}
