import { sql, type Generated } from 'kysely'
import type { JsonObject } from './columns.ts'
import {
  compileCondition,
  compileOrder,
  type Columns,
  type Condition,
  type Order,
} from './content-condition.ts'
import type { ItemKey, ItemKind } from './content-item.ts'
import { askedLocale, localeChain } from './content-locale.ts'
import { listPage } from './content-page.ts'
import type { Db } from './database.ts'
import { readWhere } from './time-limit.ts'

export interface ContentDraftTable {
  item_id: string
  locale: string
  /** Branch, kind and type are the item's, for the index of lists. */
  branch_id: string
  kind: ItemKind
  content_type_uid: string | null
  version: number
  title: string
  in_progress: Generated<boolean>
  updated_by: string | null
  updated_at: Date
}

/** An item as one of its versions says it. */
export interface DraftView {
  id: string
  branch_id: string
  uid: string
  kind: ItemKind
  content_type_uid: string | null
  parent_uid: string | null
  /** In which it is written. */
  locale: string
  version: number
  version_name: string | null
  title: string
  data: JsonObject
  in_progress: boolean
  created_by: string | null
  created_at: Date
  updated_by: string | null
  updated_at: Date
}

const view = sql`
  i.id, i.branch_id, i.uid, i.kind, i.content_type_uid, i.parent_uid, s.locale, v.version, v.name as version_name,
  v.title, v.data, s.in_progress and v.version = s.version as in_progress,
  i.created_by, i.created_at, v.created_by as updated_by, v.created_at as updated_at`

export interface DraftKey extends ItemKey {
  kind: ItemKind
  content_type_uid: string | null
  locale?: string
  /** Whether the nearest fallback that is written may stand in. */
  follow: boolean
  /** The latest when left out. */
  version?: number
}

/** One item at one of its versions. */
export async function findDraft(db: Db, key: DraftKey): Promise<DraftView | undefined> {
  const { project_id, branch, uid, kind, content_type_uid, locale, follow, version } = key
  const { rows } = await sql<DraftView>`
    with recursive ${localeChain(project_id, askedLocale(locale), follow)}
    select ${view}
    from content_branch b
    join content_item i on i.branch_id = b.id and i.uid = ${uid}
    join lateral (
      select draft.* from chain join content_draft draft on draft.item_id = i.id and draft.locale = chain.code
      order by chain.depth limit 1) s on true
    join content_version v on v.item_id = i.id and v.locale = s.locale and v.version = coalesce(${version ?? null}::int, s.version)
    where b.project_id = ${project_id} and b.uid = ${branch} and i.kind = ${kind} and i.deleted_at is null
      and i.content_type_uid is not distinct from ${content_type_uid}
  `.execute(db)
  return rows[0]
}

/** Entries of any type by uid, in no order, each as the nearest locale of the chain says it. */
export async function listDraftsByUid(
  db: Db,
  { branch_id, uids, chain }: { branch_id: string; uids: readonly string[]; chain: readonly string[] },
): Promise<DraftView[]> {
  const { rows } = await sql<DraftView>`
    with chain (code, depth) as (select * from unnest(${chain}::text[]) with ordinality)
    select ${view}
    from content_item i
    join lateral (
      select draft.* from chain join content_draft draft on draft.item_id = i.id and draft.locale = chain.code
      order by chain.depth limit 1) s on true
    join content_version v on v.item_id = i.id and v.locale = s.locale and v.version = s.version
    where i.branch_id = ${branch_id} and i.uid = any(${uids}::text[]) and i.kind = 'entry' and i.deleted_at is null
  `.execute(db)
  return rows
}

/** What an item that is held says in these locales, with the data; all that are written when none are named. */
export async function listDraftsOfItem(
  db: Db,
  itemId: string,
  locales?: readonly string[],
): Promise<Pick<DraftView, 'locale' | 'version' | 'title' | 'data' | 'in_progress'>[]> {
  let query = db
    .selectFrom('content_draft as d')
    .innerJoin('content_version as v', (on) =>
      on
        .onRef('v.item_id', '=', 'd.item_id')
        .onRef('v.locale', '=', 'd.locale')
        .onRef('v.version', '=', 'd.version'),
    )
    .select(['d.locale', 'd.version', 'v.title', 'v.data', 'd.in_progress'])
    .where('d.item_id', '=', itemId)
  if (locales) query = query.where('d.locale', '=', sql<string>`any(${sql.val(locales)}::text[])`)
  return query.execute()
}

/** The locales that an item is written in. */
export async function listDraftLocales(db: Db, itemId: string): Promise<string[]> {
  const rows = await db.selectFrom('content_draft').select('locale').where('item_id', '=', itemId).execute()
  return rows.map(({ locale }) => locale)
}

/** In which locales items are written, and what they are called there. */
export async function listWrittenLocales(
  db: Db,
  { project_id, branch, uids }: { project_id: string; branch: string; uids: readonly string[] },
): Promise<{ uid: string; locale: string; title: string }[]> {
  const { rows } = await sql<{ uid: string; locale: string; title: string }>`
    select i.uid, d.locale, d.title from content_branch b
    join content_item i on i.branch_id = b.id and i.uid = any(${uids}::text[]) and i.deleted_at is null
    join content_draft d on d.item_id = i.id
    where b.project_id = ${project_id} and b.uid = ${branch} order by i.uid, d.locale
  `.execute(db)
  return rows
}

/** As removeDrafts, of several items that are held. */
export async function removeDraftsOf(
  db: Db,
  drafts: readonly { item_id: string; locale: string }[],
): Promise<void> {
  if (drafts.length === 0) return
  await sql`
    with gone as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as g (item_id uuid, locale text)
    ), unique_value as (
      delete from content_unique u using gone where u.item_id = gone.item_id and u.locale = gone.locale
    )
    delete from content_draft d using gone where d.item_id = gone.item_id and d.locale = gone.locale
  `.execute(db)
}

/** How many of the drafts were there. */
export async function removeDrafts(db: Db, itemId: string, locales: readonly string[]): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    with gone as (
      delete from content_draft where item_id = ${itemId} and locale = any(${locales}::text[]) returning 1
    ), unique_value as (
      delete from content_unique where item_id = ${itemId} and locale = any(${locales}::text[])
    )
    select count(*) as removed from gone
  `.execute(db)
  return rows[0]?.removed ?? 0
}

export interface DraftPage {
  branch_id: string
  kinds: readonly ItemKind[]
  content_type_uid: string | null
  /** The locale and its fallbacks, nearest first. */
  chain: readonly string[]
  uids?: readonly string[]
  /** Null: what lies in no folder. Left out: wherever it lies. */
  parent_uid?: string | null
  where?: Condition
  order: readonly Order[]
  limit: number
  offset: number
  with_total: boolean
}

const columns: Columns = {
  data: sql`v.data`,
  uid: sql`i.uid`,
  version: sql`s.version`,
  title: sql`s.title`,
  parent_uid: sql`i.parent_uid`,
  created_at: sql`i.created_at`,
  updated_at: sql`s.updated_at`,
  created_by: sql`i.created_by`,
  updated_by: sql`s.updated_by`,
  published_at: sql`null::timestamptz`,
}

/** The same, and how a list looks behind references: at the nearest locale that an entry is written in. */
function columnsAt(page: Pick<DraftPage, 'branch_id' | 'chain'>): Columns {
  const { branch_id, chain } = page
  return {
    ...columns,
    id: sql`s.item_id`,
    branch_id: sql`${branch_id}::uuid`,
    behind: (uid, says) => sql`(
      select ${says(columnsAt(page))}
      from content_item i
      join content_draft s on s.item_id = i.id and s.locale = any(${chain}::text[])
      join content_version v on v.item_id = s.item_id and v.locale = s.locale and v.version = s.version
      where i.branch_id = ${branch_id} and i.uid = ${uid} and i.deleted_at is null
      order by array_position(${chain}::text[], s.locale) limit 1)`,
  }
}

/** A page of a list, latest updated first, and how many there are in all where that is asked: one statement. */
export function listDrafts(db: Db, page: DraftPage): Promise<{ items: DraftView[]; total?: number }> {
  const { branch_id, kinds, content_type_uid, chain, uids, parent_uid, where, limit, offset, with_total } =
    page
  const [only, ...fallbacks] = chain
  const here = columnsAt(page)
  const tests = [
    sql`s.branch_id = ${branch_id}`,
    kinds.length === 1 ? sql`s.kind = ${kinds[0]}` : sql`s.kind = any(${kinds}::text[])`,
    content_type_uid === null
      ? sql`s.content_type_uid is null`
      : sql`s.content_type_uid = ${content_type_uid}`,
  ]
  if (uids) tests.push(sql`i.uid = any(${uids}::text[])`)
  if (parent_uid !== undefined)
    tests.push(parent_uid === null ? sql`i.parent_uid is null` : sql`i.parent_uid = ${parent_uid}`)
  if (where) tests.push(compileCondition(where, here))
  return readWhere(db, where, (bounded) =>
    listPage(bounded, {
      table: 'content_draft',
      source: sql`s.locale`,
      ...(fallbacks.length > 0
        ? { chain: sql`chain (code, depth) as (select * from unnest(${chain}::text[]) with ordinality)` }
        : { locale: sql`${only ?? null}` }),
      tests,
      other: [],
      view,
      order: [...compileOrder(page.order, here), sql`s.updated_at desc`, sql`s.item_id desc`],
      limit,
      offset,
      with_total,
    }),
  )
}
