import { sql, type GeneratedAlways } from 'kysely'
import type { PinnedItem } from '#domain/item.ts'
import type { Db } from './database.ts'

export interface ReleaseItemTable {
  release_id: string
  item_key: string
  position: GeneratedAlways<number>
  kind: string
  action: 'publish' | 'unpublish' | 'set'
  version: string | null
  title: string
  created_at: Date
}

/** In the order in which they were added. */
export function listReleaseItems(
  db: Db,
  releaseId: string,
  page: { limit?: number; offset?: number } = {},
): Promise<PinnedItem[]> {
  let query = db
    .selectFrom('release_item')
    .select(['item_key as key', 'kind', 'action', 'version', 'title'])
    .where('release_id', '=', releaseId)
    .orderBy('position')
  if (page.limit !== undefined) query = query.limit(page.limit)
  if (page.offset) query = query.offset(page.offset)
  return query.execute()
}

export interface ReleaseItemFilter {
  kind?: string | undefined
  action?: PinnedItem['action'] | undefined
  /** Part of its title or key, in any case. */
  q?: string | undefined
}

/** In the order in which they were added, after a position. */
export function listReleaseItemPage(
  db: Db,
  releaseId: string,
  { kind, action, q }: ReleaseItemFilter,
  page: { limit: number; after?: number | undefined },
): Promise<(PinnedItem & { position: number })[]> {
  let query = db
    .selectFrom('release_item')
    .select(['item_key as key', 'kind', 'action', 'version', 'title', 'position'])
    .where('release_id', '=', releaseId)
    .orderBy('position')
    .limit(page.limit)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (action !== undefined) query = query.where('action', '=', action)
  if (q !== undefined)
    query = query.where(sql<boolean>`strpos(lower(title || ' ' || item_key), lower(${q}::text)) > 0`)
  if (page.after !== undefined) query = query.where('position', '>', page.after)
  return query.execute()
}

export async function countReleaseItems(db: Db, releaseId: string): Promise<number> {
  const row = await db
    .selectFrom('release_item')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('release_id', '=', releaseId)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Adds items, or pins those that are there anew; one statement for any number. */
export async function upsertReleaseItems(
  db: Db,
  releaseId: string,
  items: readonly PinnedItem[],
  at: Date,
): Promise<void> {
  await sql`
    insert into release_item (release_id, item_key, kind, action, version, title, created_at)
    select ${releaseId}::uuid, i.key, i.kind, i.action, i.version, i.title, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
      as i (key text, kind text, action text, version text, title text)
    on conflict (release_id, item_key) do update
      set kind = excluded.kind, action = excluded.action, version = excluded.version, title = excluded.title
  `.execute(db)
}

/** Copies all items of one release to another, in their order. */
export async function copyReleaseItems(db: Db, from: string, to: string, at: Date): Promise<void> {
  await sql`
    insert into release_item (release_id, item_key, kind, action, version, title, created_at)
    select ${to}::uuid, item_key, kind, action, version, title, ${at}::timestamptz
    from release_item where release_id = ${from} order by position
  `.execute(db)
}

/**
 * Moves items to another release, behind what it has and in their order; one that it has already is pinned as it was
 * pinned here. Answers the keys that were moved.
 */
export async function moveReleaseItems(
  db: Db,
  { from, to, keys, at }: { from: string; to: string; keys: readonly string[] | 'all'; at: Date },
): Promise<string[]> {
  const { rows } = await sql<{ item_key: string }>`
    with gone as (
      delete from release_item where release_id = ${from}
        and ${keys === 'all' ? sql`true` : sql`item_key = any(${keys}::text[])`}
      returning *
    ), come as (
      insert into release_item (release_id, item_key, kind, action, version, title, created_at)
      select ${to}::uuid, item_key, kind, action, version, title, ${at}::timestamptz from gone order by position
      on conflict (release_id, item_key) do update
        set kind = excluded.kind, action = excluded.action, version = excluded.version, title = excluded.title
    )
    select item_key from gone order by position
  `.execute(db)
  return rows.map(({ item_key }) => item_key)
}

/** How many of the keys were there. */
export async function removeReleaseItems(
  db: Db,
  releaseId: string,
  keys: readonly string[] | 'all',
): Promise<number> {
  let query = db.deleteFrom('release_item').where('release_id', '=', releaseId)
  if (keys !== 'all') query = query.where('item_key', '=', sql<string>`any(${sql.val(keys)}::text[])`)
  const result = await query.executeTakeFirst()
  return Number(result.numDeletedRows)
}
