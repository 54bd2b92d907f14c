import { sql } from 'kysely'
import type { DraftView } from './content-draft.ts'
import type { ItemKind } from './content-item.ts'
import type { Db } from './database.ts'

/** A page of what is written in one locale, the longest unchanged first: the index of lists, read from its other end. */
export async function walkDrafts(
  db: Db,
  page: {
    branch_id: string
    kind: ItemKind
    content_type_uid: string | null
    locale: string
    after: { updated_at: Date; id: string } | undefined
    limit: number
  },
): Promise<(DraftView & { drafted_at: Date })[]> {
  const { branch_id, kind, content_type_uid, locale, after, limit } = page
  const type = content_type_uid === null ? sql`is null` : sql`= ${content_type_uid}`
  const behind = after
    ? sql`and (d.updated_at, d.item_id) > (${after.updated_at}::timestamptz, ${after.id}::uuid)`
    : sql``
  const { rows } = await sql<DraftView & { drafted_at: Date }>`
    select i.id, i.branch_id, i.uid, i.kind, i.content_type_uid, i.parent_uid, d.locale, v.version,
      v.name as version_name, v.title, v.data, d.in_progress, i.created_by, i.created_at,
      v.created_by as updated_by, v.created_at as updated_at, d.updated_at as drafted_at
    from (
      select d.* from content_draft d
      where d.branch_id = ${branch_id} and d.kind = ${kind} and d.content_type_uid ${type} and d.locale = ${locale} ${behind}
      order by d.updated_at, d.item_id limit ${limit}) d
    join content_item i on i.id = d.item_id
    join content_version v on v.item_id = d.item_id and v.locale = d.locale and v.version = d.version
    order by d.updated_at, d.item_id
  `.execute(db)
  return rows
}

/** Older versions of items in a locale, by item and number. */
export async function listVersionsOf(
  db: Db,
  locale: string,
  wanted: readonly { item_id: string; version: number }[],
): Promise<{ item_id: string; version: number; data: DraftView['data'] }[]> {
  if (wanted.length === 0) return []
  const { rows } = await sql<{ item_id: string; version: number; data: DraftView['data'] }>`
    select v.item_id, v.version, v.data
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (item_id uuid, version int)
    join content_version v on v.item_id = w.item_id and v.locale = ${locale} and v.version = w.version
    order by v.item_id, v.version desc
  `.execute(db)
  return rows
}
