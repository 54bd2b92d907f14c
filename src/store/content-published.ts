import { sql } from 'kysely'
import type { JsonObject } from './columns.ts'
import {
  compileCondition,
  compileOrder,
  type Columns,
  type Condition,
  type Order,
} from './content-condition.ts'
import { live, standing, type ReaderPlace } from './content-live.ts'
import { listPage } from './content-page.ts'
import type { Db } from './database.ts'
import { readWhere } from './time-limit.ts'

export interface ContentPublishedTable {
  environment_id: string
  item_id: string
  /** Under which readers ask for it. */
  locale: string
  branch_id: string
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  version: number
  /** In which the version is written. */
  source_locale: string
  published_by: string | null
  published_at: Date
  deployment_id: string
}

/** An item as readers are served it. */
export interface PublishedView {
  id: string
  uid: string
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  parent_uid: string | null
  version: number
  /** In which it is written. */
  locale: string
  title: string
  data: JsonObject
  created_by: string | null
  created_at: Date
  updated_by: string | null
  updated_at: Date
  published: { environment_id: string; locale: string; by: string | null; at: Date }
}

export type PublishedRow = Omit<PublishedView, 'published'> & {
  environment_id: string
  live_locale: string
  published_by: string | null
  published_at: Date
}

export const view = sql`
  i.id, i.uid, s.kind, s.content_type_uid, i.parent_uid, s.version, s.source_locale as locale, v.title, v.data,
  i.created_by, i.created_at, v.created_by as updated_by, v.created_at as updated_at,
  s.environment_id, s.locale as live_locale, s.published_by, s.published_at`

/** Written out, since every object of every answer goes through here. */
export function asView(row: PublishedRow): PublishedView {
  return {
    id: row.id,
    uid: row.uid,
    kind: row.kind,
    content_type_uid: row.content_type_uid,
    parent_uid: row.parent_uid,
    version: row.version,
    locale: row.locale,
    title: row.title,
    data: row.data,
    created_by: row.created_by,
    created_at: row.created_at,
    updated_by: row.updated_by,
    updated_at: row.updated_at,
    published: {
      environment_id: row.environment_id,
      locale: row.live_locale,
      by: row.published_by,
      at: row.published_at,
    },
  }
}

const columns: Columns = {
  data: sql`v.data`,
  uid: sql`i.uid`,
  version: sql`s.version`,
  title: sql`v.title`,
  parent_uid: sql`i.parent_uid`,
  created_at: sql`i.created_at`,
  updated_at: sql`v.created_at`,
  created_by: sql`i.created_by`,
  updated_by: sql`v.created_by`,
  published_at: sql`s.published_at`,
}

/** The columns of `s`, `i` and `v`, and how a list looks behind references. */
function columnsAt(place: ReaderPlace): Columns {
  return {
    ...columns,
    id: sql`s.item_id`,
    branch_id: sql`${place.branch_id}::uuid`,
    behind: (uid, says) => sql`(${standing(place, uid, says(columnsAt(place)))})`,
  }
}

export interface PublishedKey {
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  uid: string
}

/** One item in the locales that are asked, by the primary keys of the tables it lies in. */
export async function findPublished(
  db: Db,
  place: ReaderPlace,
  { kind, content_type_uid, uid }: PublishedKey,
): Promise<PublishedView | undefined> {
  const { rows } = await sql<PublishedRow>`
    select * from (${standing({ ...place, fallbacks: place.locales }, sql`${uid}`, view)}) item
    where kind = ${kind} and content_type_uid is not distinct from ${content_type_uid}
  `.execute(db)
  return rows[0] && asView(rows[0])
}

export interface PublishedPage {
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  uids?: readonly string[]
  where?: Condition
  order: readonly Order[]
  limit: number
  offset: number
  with_total: boolean
}

/** A page of what is live, latest published first, and how many there are in all where that is asked: one statement. */
export async function listPublished(
  db: Db,
  place: ReaderPlace,
  page: PublishedPage,
): Promise<{ items: PublishedView[]; total?: number }> {
  const { environment_id, branch_id } = place
  const { kind, content_type_uid, uids, where } = page
  const here = columnsAt(place)
  const tests = [
    sql`s.environment_id = ${environment_id}`,
    sql`s.branch_id = ${branch_id}`,
    sql`s.kind = ${kind}`,
    content_type_uid === null
      ? sql`s.content_type_uid is null`
      : sql`s.content_type_uid = ${content_type_uid}`,
  ]
  if (uids) tests.push(sql`i.uid = any(${uids}::text[])`)
  if (where) tests.push(compileCondition(where, here))
  const [only, ...fallbacks] = place.locales
  const { items, total } = await readWhere(db, where, (bounded) =>
    listPage<PublishedRow>(bounded, {
      table: live(place),
      source: sql`s.source_locale`,
      ...(fallbacks.length > 0
        ? {
            chain: sql`chain (code, depth) as (select * from unnest(${place.locales}::text[]) with ordinality)`,
          }
        : { locale: sql`${only ?? null}` }),
      tests,
      other: [sql`other.environment_id = ${environment_id}`],
      view,
      order: [...compileOrder(page.order, here), sql`s.item_id desc`],
      limit: page.limit,
      offset: page.offset,
      with_total: page.with_total,
    }),
  )
  const views = items.map(asView)
  return total === undefined ? { items: views } : { items: views, total }
}

/** A version of an asset that is live somewhere in the project, the newest where none is named. */
export async function findPublishedBytes(
  db: Db,
  asked: { project_id: string; branch: string; environment_id?: string; uid: string; version?: number },
): Promise<{ version: number; data: JsonObject } | undefined> {
  const { rows } = await sql<{ version: number; data: JsonObject }>`
    select p.version, v.data
    from content_branch b
    join content_item i on i.branch_id = b.id and i.uid = ${asked.uid}
    join content_published p on p.item_id = i.id
    join content_version v on v.item_id = p.item_id and v.locale = p.source_locale and v.version = p.version
    where b.project_id = ${asked.project_id} and b.uid = ${asked.branch} and i.kind = 'asset'
      and p.environment_id = coalesce(${asked.environment_id ?? null}::uuid, p.environment_id)
      and p.version = coalesce(${asked.version ?? null}::int, p.version)
    order by p.version desc limit 1
  `.execute(db)
  return rows[0]
}
