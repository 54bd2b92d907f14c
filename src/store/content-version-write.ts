import { sql } from 'kysely'
import type { JsonObject } from './columns.ts'
import type { ItemKind } from './content-item.ts'
import type { Db } from './database.ts'

export interface NewVersion {
  locale: string
  title: string
  data: JsonObject
  in_progress: boolean
  /** The content type's version whose rules the data keeps; null where it keeps none. */
  type_version: number | null
  reference_uids: readonly string[]
  /** What no other item of the type may say in this locale. */
  unique: readonly { field: string; value: string | number }[]
}

export interface VersionWrite {
  item: { id: string; branch_id: string; kind: ItemKind; content_type_uid: string | null }
  versions: readonly NewVersion[]
  at: Date
  by: string | null
}

export interface WrittenVersions {
  /** The number that each locale's version got. */
  numbers: Record<string, number>
  /** Fields whose value another item has. Then the transaction must not be committed. */
  taken: { locale: string; field: string }[]
}

/**
 * Writes the next version of an item in any number of locales, its draft and its unique values: one statement. The
 * item must be held. Unique values are inserted in one order by everybody, and given up only after all were
 * inserted, so that two writers that want each other's values cannot wait for one another.
 */
export async function insertContentVersions(
  db: Db,
  { item, versions, at, by }: VersionWrite,
): Promise<WrittenVersions> {
  const unique = versions.flatMap(({ locale, unique: values }) => values.map((each) => ({ locale, ...each })))
  const { rows } = await sql<WrittenVersions>`
    with asked as materialized (
      select r.*, coalesce((
        select max(v.version) from content_version v where v.item_id = ${item.id} and v.locale = r.locale), 0) + 1 as version
      from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as r (
        locale text, title text, data jsonb, in_progress boolean, type_version int, reference_uids text[])
    ), version as (
      insert into content_version (item_id, locale, version, title, data, type_version, reference_uids, created_by, created_at)
      select ${item.id}::uuid, locale, version, title, data, type_version, reference_uids, ${by}::uuid, ${at}::timestamptz
      from asked
    ), draft as (
      insert into content_draft (item_id, locale, branch_id, kind, content_type_uid, version, title, in_progress,
        updated_by, updated_at)
      select ${item.id}::uuid, locale, ${item.branch_id}::uuid, ${item.kind}, ${item.content_type_uid}, version, title,
        in_progress, ${by}::uuid, ${at}::timestamptz
      from asked
      on conflict (item_id, locale) do update set version = excluded.version, title = excluded.title,
        in_progress = excluded.in_progress, updated_by = excluded.updated_by, updated_at = excluded.updated_at
    ), wanted as materialized (
      select u.locale, u.field, sha256(convert_to(u.value #>> '{}', 'UTF8')) as value_sha256
      from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as u (locale text, field text, value jsonb)
      order by 2, 1, 3
    ), added as (
      insert into content_unique (branch_id, content_type_uid, field, locale, value_sha256, item_id)
      select ${item.branch_id}::uuid, ${item.content_type_uid}, field, locale, value_sha256, ${item.id}::uuid
      from wanted order by 3, 4, 5
      on conflict do nothing returning field, locale
    ), given_up as (
      delete from content_unique old using asked
      where old.item_id = ${item.id} and old.locale = asked.locale
        and (old.field, old.locale, old.value_sha256) not in (select field, locale, value_sha256 from wanted)
        and (select count(*) from added) >= 0
    )
    select (select json_object_agg(locale, version) from asked) as numbers,
      (select coalesce(json_agg(json_build_object('locale', locale, 'field', field)), '[]') from wanted
        where (field, locale) not in (select field, locale from added)
          and not exists (
            select from content_unique own
            where own.item_id = ${item.id} and own.field = wanted.field and own.locale = wanted.locale
              and own.value_sha256 = wanted.value_sha256)) as taken
  `.execute(db)
  return rows[0] ?? { numbers: {}, taken: [] }
}
