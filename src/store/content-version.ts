import { sql, type Generated, type Selectable } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface ContentVersionTable {
  item_id: string
  locale: string
  version: number
  name: string | null
  title: string
  data: JsonColumn<JsonObject>
  /** The version of the content type whose rules the data keeps; null where it keeps none. */
  type_version: number | null
  reference_uids: Generated<string[]>
  created_by: string | null
  created_at: Date
}

export type VersionSummary = Omit<
  Selectable<ContentVersionTable>,
  'item_id' | 'data' | 'type_version' | 'reference_uids'
>

export interface VersionFilter {
  item_id: string
  locale: string
  /** Only those that have a name. */
  named: boolean
}

/** Newest first. */
export function listContentVersions(
  db: Db,
  { limit, offset, ...filter }: VersionFilter & { limit: number; offset: number },
): Promise<VersionSummary[]> {
  return versionsOf(db, filter)
    .select(['locale', 'version', 'name', 'title', 'created_by', 'created_at'])
    .orderBy('version', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function countContentVersions(db: Db, filter: VersionFilter): Promise<number> {
  const { count } = await versionsOf(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

function versionsOf(db: Db, { item_id, locale, named }: VersionFilter) {
  const query = db.selectFrom('content_version').where('item_id', '=', item_id).where('locale', '=', locale)
  return named ? query.where('name', 'is not', null) : query
}

export interface VersionName {
  item_id: string
  locale: string
  version: number
  name: string | null
}

/** The version of an item and locale that has this name. */
export async function findNamedVersion(
  db: Db,
  { item_id, locale, name }: Omit<VersionName, 'version'>,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('content_version')
    .select('version')
    .where('item_id', '=', item_id)
    .where('locale', '=', locale)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.version
}

/** Gives a version its name and takes that name from any other: a name says one version. False when there is none. */
export async function updateVersionName(
  db: Db,
  { item_id, locale, version, name }: VersionName,
): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`
    update content_version set name = case when version = ${version}::int then ${name}::text end
    where item_id = ${item_id} and locale = ${locale} and (version = ${version}::int or name = ${name}::text)
    returning version
  `.execute(db)
  return rows.some((row) => row.version === version)
}

export interface ReferenceView {
  entry_uid: string
  content_type_uid: string
  content_type_title: string
  locale: string
  title: string
}

/** Latest versions of entries that point at an item, by the index on what versions point at. */
export async function listReferencesTo(
  db: Db,
  { branch_id, uid, limit, offset }: { branch_id: string; uid: string; limit: number; offset: number },
): Promise<ReferenceView[]> {
  const { rows } = await sql<ReferenceView>`
    select i.uid as entry_uid, i.content_type_uid, t.title as content_type_title, d.locale, d.title
    from content_version v
    join content_draft d on d.item_id = v.item_id and d.locale = v.locale and d.version = v.version
    join content_item i on i.id = v.item_id
    join content_type t on t.branch_id = i.branch_id and t.uid = i.content_type_uid
    where v.reference_uids @> array[${uid}::text] and d.branch_id = ${branch_id}
    order by i.id desc, d.locale limit ${limit} offset ${offset}
  `.execute(db)
  return rows
}
