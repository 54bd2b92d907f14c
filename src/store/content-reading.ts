import { sql } from 'kysely'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** An item by its names. */
export interface ItemName {
  branch: string
  uid: string
}

export interface LiveLocale extends ItemName {
  locale: string
  version: number
  source_locale: string
}

/** Under which locales items are live in an environment, and at what. */
export async function listLiveLocales(
  db: Db,
  {
    project_id,
    environment_id,
    items,
  }: { project_id: string; environment_id: string; items: readonly ItemName[] },
): Promise<LiveLocale[]> {
  const { rows } = await sql<LiveLocale>`
    select a.branch, a.uid, p.locale, p.version, p.source_locale
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as a (branch text, uid text)
    join content_branch b on b.project_id = ${project_id} and b.uid = a.branch
    join content_item i on i.branch_id = b.id and i.uid = a.uid
    join content_published p on p.item_id = i.id and p.environment_id = ${environment_id}
  `.execute(db)
  return rows
}

export interface VersionName extends ItemName {
  source_locale: string
  version: number
}

export interface VersionSaid extends VersionName {
  data: JsonObject
  /** Its content type, null for assets and where the type is gone. */
  type_id: string | null
  created_at: Date
}

/** What versions say; those that are not there are left out. */
export async function listVersionsSaid(
  db: Db,
  { project_id, asked }: { project_id: string; asked: readonly VersionName[] },
): Promise<VersionSaid[]> {
  const { rows } = await sql<VersionSaid>`
    select a.branch, a.uid, v.locale as source_locale, v.version, v.data, t.id as type_id, v.created_at
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as a (branch text, uid text, source_locale text, version int)
    join content_branch b on b.project_id = ${project_id} and b.uid = a.branch
    join content_item i on i.branch_id = b.id and i.uid = a.uid
    join content_version v on v.item_id = i.id and v.locale = a.source_locale and v.version = a.version
    left join content_type t on t.branch_id = b.id and t.uid = i.content_type_uid and i.kind = 'entry'
  `.execute(db)
  return rows
}

export interface ItemTitle extends ItemName {
  title: string
}

/** What items are called: in the master locale where they are written in it, as they were last where they are gone. */
export async function listItemTitles(
  db: Db,
  { project_id, items }: { project_id: string; items: readonly ItemName[] },
): Promise<ItemTitle[]> {
  const { rows } = await sql<ItemTitle>`
    select a.branch, a.uid, v.title
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as a (branch text, uid text)
    join content_branch b on b.project_id = ${project_id} and b.uid = a.branch
    join content_item i on i.branch_id = b.id and i.uid = a.uid
    cross join lateral (
      select title from content_version where item_id = i.id
      order by locale = (
        select code from content_locale where project_id = ${project_id} and fallback_code is null) desc, version desc
      limit 1) v
  `.execute(db)
  return rows
}

/** When versions were written, in the order of the questions; null where one is not there. */
export async function listVersionTimes(
  db: Db,
  { project_id, asked }: { project_id: string; asked: readonly VersionName[] },
): Promise<(Date | null)[]> {
  const { rows } = await sql<{ created_at: Date | null }>`
    select v.created_at
    from rows from (jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as (branch text, uid text, source_locale text, version int)) with ordinality
      as a (branch, uid, source_locale, version, n)
    left join content_branch b on b.project_id = ${project_id} and b.uid = a.branch
    left join content_item i on i.branch_id = b.id and i.uid = a.uid
    left join content_version v on v.item_id = i.id and v.locale = a.source_locale and v.version = a.version
    order by a.n
  `.execute(db)
  return rows.map(({ created_at }) => created_at)
}
