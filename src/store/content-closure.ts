import { sql } from 'kysely'
import { localeChain } from './content-locale.ts'
import type { Db } from './database.ts'

/** A pinned item whose references are looked for. Without a version it is to be unpublished and refers to nothing. */
export interface ClosureSeed {
  uid: string
  locale: string
  source_locale: string | null
  version: number | null
}

/** An item under a locale that a seed refers to, to any depth; or, with `seed`, a seed itself. */
export interface ClosureRow {
  uid: string
  locale: string
  seed: boolean
  /** Null: there is no such item. */
  kind: 'entry' | 'asset' | 'folder' | null
  content_type_uid: string | null
  deleted: boolean
  /** The latest version, of its own locale or of the nearest that is written; of a seed the pinned one. */
  source_locale: string | null
  version: number | null
  title: string | null
  in_progress: boolean
  /** Readers find it already, so that what it refers to was not looked at. */
  served: boolean
  /** The uids that this version refers to. */
  reference_uids: string[]
}

export interface ClosureQuestion {
  project_id: string
  branch: string
  seeds: readonly ClosureSeed[]
  /** The environment whose readers count: what they would find once the seeds are live ends the search. */
  served_in?: string | undefined
  /** How many rows at most. */
  most: number
}

/**
 * The seeds and all that they refer to, in one statement whatever the depth. An item comes once for each locale that
 * it is reached under, so that circles end; a seed is read at its pinned version also where others refer to it.
 */
export async function listClosure(
  db: Db,
  { project_id, branch, seeds, served_in, most }: ClosureQuestion,
): Promise<ClosureRow[]> {
  const locales = [...new Set(seeds.map(({ locale }) => locale))]
  const served = served_in
    ? sql`exists (
        select from chain
        where chain.start = n.locale and coalesce(
          (seeds.pinned ->> (r.uid || ' ' || chain.code))::boolean,
          exists (
            select from content_published p
            where p.item_id = i.id and p.environment_id = ${served_in} and p.locale = chain.code)))`
    : sql`false`
  const { rows } = await sql<ClosureRow>`
    with recursive ${localeChain(project_id, sql`l.code = any(${locales}::text[])`)},
    asked as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(seeds)}::jsonb)
        as a (uid text, locale text, source_locale text, version int)
    ), seeds as materialized (
      -- Whether it is pinned or to go, by name: looked into for every reference, where a list would be read through.
      select coalesce(jsonb_object_agg(uid || ' ' || locale, version is not null), '{}') as pinned from asked
    ), place as materialized (
      select id from content_branch where project_id = ${project_id} and uid = ${branch}
    ), reached (uid, locale, seed, item_id, source_locale, version, in_progress, served) as (
      select asked.uid, asked.locale, true, i.id, asked.source_locale, asked.version, false, false
      from asked left join content_item i on i.branch_id = (select id from place) and i.uid = asked.uid
      union
      select r.uid, n.locale, false, i.id, d.locale, d.version, coalesce(d.in_progress, false), ${served}
      from reached n cross join seeds
      join content_version v on v.item_id = n.item_id and v.locale = n.source_locale and v.version = n.version
      cross join lateral unnest(v.reference_uids) as r (uid)
      left join content_item i on i.branch_id = (select id from place) and i.uid = r.uid
      left join lateral (
        select draft.* from chain join content_draft draft on draft.item_id = i.id and draft.locale = chain.code
        where chain.start = n.locale order by chain.depth limit 1) d on true
      where not n.served and not coalesce((seeds.pinned ->> (r.uid || ' ' || n.locale))::boolean, false)
    ), found as (select * from reached limit ${most})
    select f.uid, f.locale, f.seed, i.kind, i.content_type_uid, coalesce(i.deleted_at is not null, false) as deleted,
      f.source_locale, f.version, v.title, f.in_progress, f.served, coalesce(v.reference_uids, '{}') as reference_uids
    from found f
    left join content_item i on i.id = f.item_id
    left join content_version v on v.item_id = f.item_id and v.locale = f.source_locale and v.version = f.version
  `.execute(db)
  return rows
}
