import { sql } from 'kysely'
import type { JsonObject } from './columns.ts'
import { localeChain } from './content-locale.ts'
import type { Db } from './database.ts'

/** An item that somebody wants to pin: `n` is its place in the request. */
export interface PinQuestion {
  n: number
  uid: string
  locale: string
  /** The latest when null. */
  version: number | null
}

export interface PinAnswer {
  n: number
  kind: 'entry' | 'asset' | 'folder' | null
  content_type_uid: string | null
  deleted: boolean
  /** Whether some environment serves it under this locale. */
  live: boolean
  locale_known: boolean
  /** The locale that is written: its own or the nearest fallback. Null: none is. */
  source_locale: string | null
  latest: number | null
  in_progress: boolean
  /** The version that was asked for, or the latest; null where it is not there. */
  version: number | null
  title: string | null
}

/** What stands behind the keys of items, for any number of them in one statement, in the order of the questions. */
export async function listPins(
  db: Db,
  { project_id, branch, asked }: { project_id: string; branch: string; asked: readonly PinQuestion[] },
): Promise<PinAnswer[]> {
  const { rows } = await sql<PinAnswer>`
    with recursive ${localeChain(project_id, sql`true`)},
    asked as materialized (
      select a.*, (select id from content_branch where project_id = ${project_id} and uid = ${branch}) as branch_id
      from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a (n int, uid text, locale text, version int)
    )
    select asked.n, i.kind, i.content_type_uid, i.deleted_at is not null as deleted,
      i.deleted_at is not null and exists (
        select from content_published p where p.item_id = i.id and p.locale = asked.locale) as live,
      exists (select from chain where chain.start = asked.locale) as locale_known,
      d.locale as source_locale, d.version as latest, coalesce(d.in_progress, false) as in_progress,
      v.version, coalesce(v.title, d.title) as title
    from asked
    left join content_item i on i.branch_id = asked.branch_id and i.uid = asked.uid
    left join lateral (
      select draft.* from chain join content_draft draft on draft.item_id = i.id and draft.locale = chain.code
      where chain.start = asked.locale order by chain.depth limit 1) d on true
    left join content_version v
      on v.item_id = i.id and v.locale = d.locale and v.version = coalesce(asked.version, d.version)
    order by asked.n
  `.execute(db)
  return rows
}

/** A pinned version that a plan wants to publish. */
export interface PlanQuestion {
  n: number
  branch: string
  uid: string
  source_locale: string
  version: number
}

export interface PlanDoubt {
  n: number
  /** Null: neither is there. */
  item_id: string | null
  deleted: boolean
  version: number | null
  title: string | null
  /** Where the version kept the rules of another version of its content type, or of one that is gone. */
  data: JsonObject | null
  type_id: string | null
}

/**
 * Of the versions that a plan wants to publish, those about which there is a doubt: not there, deleted, or written
 * by other rules than the content type has now. Most plans have none, so that little comes back.
 */
export async function listPlanDoubts(
  db: Db,
  { project_id, asked }: { project_id: string; asked: readonly PlanQuestion[] },
): Promise<PlanDoubt[]> {
  const { rows } = await sql<PlanDoubt>`
    with asked as materialized (
      select * from json_to_recordset(${JSON.stringify(asked)}::json)
        as a (n int, branch text, uid text, source_locale text, version int)
    )
    select asked.n, i.id as item_id, i.deleted_at is not null as deleted, v.version, v.title, t.id as type_id,
      case when i.deleted_at is null and i.kind = 'entry' then v.data end as data
    from asked
    left join content_branch b on b.project_id = ${project_id} and b.uid = asked.branch
    left join content_item i on i.branch_id = b.id and i.uid = asked.uid
    -- Its limit keeps it a look-up by the whole key, however many versions the planner thinks an item has.
    left join lateral (
      select * from content_version one
      where one.item_id = i.id and one.locale = asked.source_locale and one.version = asked.version limit 1) v on true
    left join content_type t on t.branch_id = i.branch_id and t.uid = i.content_type_uid and i.kind = 'entry'
    where v.version is null or i.deleted_at is not null
      or (i.kind = 'entry' and v.type_version is distinct from t.version)
    order by asked.n
  `.execute(db)
  return rows
}
