import { sql, type RawBuilder } from 'kysely'
import { jsonPath } from './content-condition.ts'
import { standing, type ReaderPlace } from './content-live.ts'
import { asView, type PublishedRow, type PublishedView } from './content-published.ts'
import type { Db } from './database.ts'

/** From entries of a type, so many references deep, a field leads to what they point at. */
export interface Step {
  level: number
  type: string
  /** A path of uids, joined by dots. */
  field: string
  leads: 'by_file' | 'by_reference' | 'by_embedding'
}

/**
 * The entry of a uid as it stands, and all that the steps lead to: one statement, however deep. The entry comes
 * first; without it nothing does. What several point at comes once.
 */
export function findPublishedGraph(
  db: Db,
  place: ReaderPlace,
  { content_type_uid, uid }: { content_type_uid: string; uid: string },
  steps: readonly Step[],
): Promise<PublishedView[]> {
  const root = sql`select 0, n.* from (${standing(place, sql`${uid}`)}) n
    where n.kind = 'entry' and n.content_type_uid = ${content_type_uid}`
  return walk(db, place, root, steps)
}

/** What these uids stand for, entries and assets, and all that the steps of level 1 and up lead to from there. */
export function listPublishedGraph(
  db: Db,
  place: ReaderPlace,
  uids: readonly string[],
  steps: readonly Step[],
): Promise<PublishedView[]> {
  const root = sql`select 1, n.* from unnest(${uids}::text[]) as asked (uid)
    cross join lateral (${standing(place, sql`asked.uid`)}) n`
  return walk(db, place, root, steps)
}

async function walk(
  db: Db,
  place: ReaderPlace,
  root: RawBuilder<unknown>,
  steps: readonly Step[],
): Promise<PublishedView[]> {
  const found =
    steps.length === 0
      ? sql`found as (${named(root)})`
      : sql`
    step (level, type, path) as materialized (
      select level, type, path::jsonpath from unnest(${steps.map(({ level }) => level)}::int[],
        ${steps.map(({ type }) => type)}::text[], ${steps.map(pathOf)}::text[]) as asked (level, type, path)
    ),
    found as (
      ${named(root)}
      union
      select found.level + 1, next.*
      from found
      join step on step.level = found.level and step.type = found.content_type_uid
      cross join lateral (
        select data from content_version
        where item_id = found.item_id and locale = found.source_locale and version = found.version limit 1) v
      cross join lateral jsonb_path_query(v.data, step.path) as refers (uid)
      cross join lateral (${standing(place, sql`refers.uid #>> '{}'`)}) next
    )`
  const { rows } = await sql<PublishedRow>`
    with recursive ${found}
    select item.*
    from (
      select environment_id, item_id, kind, content_type_uid, locale, source_locale, version, published_by,
        published_at, min(level) as level
      from found
      group by environment_id, item_id, kind, content_type_uid, locale, source_locale, version, published_by,
        published_at
    ) s
    cross join lateral (
      select i.id, i.uid, s.kind, s.content_type_uid, i.parent_uid, s.version, s.source_locale as locale, v.title,
        v.data, i.created_by, i.created_at, v.created_by as updated_by, v.created_at as updated_at,
        s.environment_id, s.locale as live_locale, s.published_by, s.published_at
      from content_item i
      join content_version v on v.item_id = i.id and v.locale = s.source_locale and v.version = s.version
      where i.id = s.item_id limit 1) item
    order by s.level
  `.execute(db)
  return rows.map(asView)
}

function pathOf({ field, leads }: Step): string {
  const path = jsonPath(field)
  if (leads === 'by_embedding')
    return `${path}.** ? (@.type() == "object").keyvalue() ? (@.key == "entry-uid" || @.key == "asset-uid").value`
  return leads === 'by_reference' ? `${path}.uid` : path
}

function named(root: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select * from (${root}) root (level, environment_id, item_id, kind, content_type_uid, locale, source_locale, version,
      published_by, published_at)`
}
