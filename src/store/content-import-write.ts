import { sql } from 'kysely'
import type { JsonObject } from './columns.ts'
import type { ContentItemRow, ItemKind } from './content-item.ts'
import type { NewVersion } from './content-version-write.ts'
import type { Db } from './database.ts'

/** Items by uid, deleted ones too, held until the transaction ends: in the order of ids, as everybody holds several. */
export async function claimItemsByUid(
  db: Db,
  { branch_id, uids }: { branch_id: string; uids: readonly string[] },
): Promise<ContentItemRow[]> {
  return db
    .selectFrom('content_item')
    .selectAll()
    .where('branch_id', '=', branch_id)
    .where('uid', '=', sql<string>`any(${sql.val(uids)}::text[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

export interface NewItem {
  id: string
  uid: string
  kind: ItemKind
  content_type_uid: string | null
  parent_uid: string | null
}

/** Makes items; fewer than were given where somebody else made one of them meanwhile. */
export async function insertItems(
  db: Db,
  { branch_id, items, at, by }: { branch_id: string; items: readonly NewItem[]; at: Date; by: string | null },
): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    with made as (
      insert into content_item (id, branch_id, uid, kind, content_type_uid, parent_uid, created_by, created_at)
      select id, ${branch_id}::uuid, uid, kind, content_type_uid, parent_uid, ${by}::uuid, ${at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
        as n (id uuid, uid text, kind text, content_type_uid text, parent_uid text)
      on conflict (branch_id, uid) do nothing returning 1
    )
    select count(*) as made from made
  `.execute(db)
  return rows[0]?.made ?? 0
}

export async function moveItems(
  db: Db,
  moved: readonly { id: string; parent_uid: string | null }[],
): Promise<void> {
  await sql`
    update content_item i set parent_uid = m.parent_uid
    from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as m (id uuid, parent_uid text) where i.id = m.id
  `.execute(db)
}

export interface ItemDraft {
  item_id: string
  locale: string
  version: number
  data: JsonObject
  in_progress: boolean
}

/** What items that are held say, with the data. */
export async function listDraftsOfItems(
  db: Db,
  ids: readonly string[],
  locales?: readonly string[],
): Promise<ItemDraft[]> {
  const { rows } = await sql<ItemDraft>`
    select d.item_id, d.locale, d.version, v.data, d.in_progress
    from content_draft d
    join content_version v on v.item_id = d.item_id and v.locale = d.locale and v.version = d.version
    where d.item_id = any(${ids}::uuid[]) and (${locales ?? null}::text[] is null or d.locale = any(${locales ?? null}::text[]))
  `.execute(db)
  return rows
}

export interface WantedValue {
  /** Its place in the list of whoever asks. */
  n: number
  item_id: string | null
  field: string
  locale: string
  value: string | number
}

/** Which of these values an item other than their own has already. */
export async function listTakenValues(
  db: Db,
  {
    branch_id,
    content_type_uid,
    wanted,
  }: { branch_id: string; content_type_uid: string; wanted: readonly WantedValue[] },
): Promise<{ n: number; field: string; locale: string }[]> {
  if (wanted.length === 0) return []
  const { rows } = await sql<{ n: number; field: string; locale: string }>`
    select w.n, w.field, w.locale
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (n int, item_id uuid, field text, locale text, value jsonb)
    join content_unique u on u.branch_id = ${branch_id} and u.content_type_uid = ${content_type_uid}
      and u.field = w.field and u.locale = w.locale
      and u.value_sha256 = sha256(convert_to(w.value #>> '{}', 'UTF8'))
    where u.item_id is distinct from w.item_id
  `.execute(db)
  return rows
}

export interface ItemVersion extends NewVersion {
  item_id: string
  /** What it was called elsewhere: it gets this number, or the next one where that is higher. */
  wanted_version: number
}

export interface ItemVersions {
  branch_id: string
  kind: ItemKind
  content_type_uid: string | null
  versions: readonly ItemVersion[]
  at: Date
  by: string | null
}

/**
 * Writes the next versions of many items of one type, one or several locales each, with their drafts and unique
 * values: one statement. The items must be held. Answers the number that each got, in the order given, and whether
 * all unique values were free; where they were not, the transaction must not be committed.
 */
export async function insertItemVersions(
  db: Db,
  { branch_id, kind, content_type_uid, versions, at, by }: ItemVersions,
): Promise<{ numbers: number[]; complete: boolean }> {
  const rows = versions.map(({ unique: _, ...version }, n) => ({ n, ...version }))
  const unique = versions.flatMap(({ item_id, locale, unique: values }) =>
    values.map((each) => ({ item_id, locale, ...each })),
  )
  const answer = await sql<{ numbers: number[]; complete: boolean }>`
    with asked as materialized (
      select r.*, greatest(r.wanted_version, coalesce((
        select max(v.version) from content_version v where v.item_id = r.item_id and v.locale = r.locale), 0) + 1) as version
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (n int, item_id uuid, wanted_version int, locale text,
        title text, data jsonb, in_progress boolean, type_version int, reference_uids text[])
    ), version as (
      insert into content_version (item_id, locale, version, title, data, type_version, reference_uids, created_by, created_at)
      select item_id, locale, version, title, data, type_version, reference_uids, ${by}::uuid, ${at}::timestamptz
      from asked
    ), draft as (
      insert into content_draft (item_id, locale, branch_id, kind, content_type_uid, version, title, in_progress,
        updated_by, updated_at)
      select item_id, locale, ${branch_id}::uuid, ${kind}, ${content_type_uid}, version, title, in_progress,
        ${by}::uuid, ${at}::timestamptz
      from asked
      on conflict (item_id, locale) do update set version = excluded.version, title = excluded.title,
        in_progress = excluded.in_progress, updated_by = excluded.updated_by, updated_at = excluded.updated_at
    ), wanted as materialized (
      select u.item_id, u.locale, u.field, sha256(convert_to(u.value #>> '{}', 'UTF8')) as value_sha256
      from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as u (item_id uuid, locale text, field text, value jsonb)
    ), kept as materialized (
      select w.item_id, w.locale, w.field from wanted w
      join content_unique own using (item_id, locale, field, value_sha256)
      where own.branch_id = ${branch_id}
    ), added as (
      insert into content_unique (branch_id, content_type_uid, field, locale, value_sha256, item_id)
      select ${branch_id}::uuid, ${content_type_uid}, field, locale, value_sha256, item_id
      from wanted order by 3, 4, 5
      on conflict do nothing returning item_id, locale, field
    ), given_up as (
      delete from content_unique old using asked
      where old.item_id = asked.item_id and old.locale = asked.locale
        and (old.item_id, old.field, old.locale, old.value_sha256) not in (
          select item_id, field, locale, value_sha256 from wanted)
        and (select count(*) from added) >= 0
    )
    select (select json_agg(version order by n) from asked) as numbers,
      (select count(*) from wanted) = (select count(*) from added) + (select count(*) from kept) as complete
  `.execute(db)
  return answer.rows[0] ?? { numbers: [], complete: true }
}

export interface OldVersion extends Omit<NewVersion, 'in_progress' | 'unique'> {
  item_id: string
  version: number
}

/**
 * Puts versions that are no drafts beside those that items have, under their own numbers. What an item has under such a
 * number stays. Answers what stands under each now.
 */
export async function insertOldVersions(
  db: Db,
  { versions, at, by }: { versions: readonly OldVersion[]; at: Date; by: string | null },
): Promise<{ item_id: string; version: number; data: JsonObject }[]> {
  if (versions.length === 0) return []
  const asked = sql`
    select * from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as r (item_id uuid, version int, locale text,
      title text, data jsonb, type_version int, reference_uids text[])`
  await sql`
    insert into content_version (item_id, locale, version, title, data, type_version, reference_uids, created_by, created_at)
    select item_id, locale, version, title, data, type_version, reference_uids, ${by}::uuid, ${at}::timestamptz
    from (${asked}) asked on conflict (item_id, locale, version) do nothing
  `.execute(db)
  const { rows } = await sql<{ item_id: string; version: number; data: JsonObject }>`
    select v.item_id, v.version, v.data from (${asked}) asked
    join content_version v on v.item_id = asked.item_id and v.locale = asked.locale and v.version = asked.version
  `.execute(db)
  return rows
}
