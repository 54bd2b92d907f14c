import { sql } from 'kysely'
import type { Db } from './database.ts'

/** An item of a branch in a locale that it is written in, at its latest version. */
export interface CatalogueRow {
  uid: string
  locale: string
  /** Content type uid, or `asset`. */
  kind: string
  title: string
  version: number
  in_progress: boolean
  updated_by: string | null
  updated_at: Date
}

export interface CatalogueFilter {
  project_id: string
  branch: string
  kind?: string
  locale?: string
  /** Part of its title or uid, in any case. */
  q?: string
}

/** By uid and locale, after a place, read off the index of uids. */
export async function listCatalogue(
  db: Db,
  { project_id, branch, kind, locale, q }: CatalogueFilter,
  page: { limit: number; after?: { uid: string; locale: string } },
): Promise<CatalogueRow[]> {
  const { after } = page
  const { rows } = await sql<CatalogueRow>`
    select i.uid, d.locale, case when i.kind = 'asset' then 'asset' else i.content_type_uid end as kind, d.title,
      d.version, d.in_progress, d.updated_by, d.updated_at
    from content_item i join content_draft d on d.item_id = i.id
    where i.branch_id = (select id from content_branch where project_id = ${project_id} and uid = ${branch})
      and i.deleted_at is null and i.kind in ('entry', 'asset')
      and ${kind === undefined ? sql`true` : kind === 'asset' ? sql`i.kind = 'asset'` : sql`i.content_type_uid = ${kind}`}
      and ${locale === undefined ? sql`true` : sql`d.locale = ${locale}`}
      and ${q === undefined ? sql`true` : sql`strpos(lower(d.title || ' ' || i.uid), lower(${q}::text)) > 0`}
      and ${after ? sql`i.uid >= ${after.uid} and (i.uid, d.locale) > (${after.uid}, ${after.locale})` : sql`true`}
    order by i.uid, d.locale limit ${page.limit}
  `.execute(db)
  return rows
}

export interface VersionStep {
  n: number
  version: number
  name: string | null
  title: string
  created_by: string | null
  created_at: Date
}

/**
 * The versions after `from` up to `to` of each asked item in the locale that it is written in, latest first and at
 * most `most` of each: one statement for any number.
 */
export async function listVersionSteps(
  db: Db,
  {
    project_id,
    asked,
    most,
  }: {
    project_id: string
    asked: readonly { n: number; branch: string; uid: string; locale: string; from: number; to: number }[]
    most: number
  },
): Promise<VersionStep[]> {
  const { rows } = await sql<VersionStep>`
    select a.n, v.version, v.name, v.title, v.created_by, v.created_at
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as a (n int, branch text, uid text, locale text, "from" int, "to" int)
    join content_branch b on b.project_id = ${project_id} and b.uid = a.branch
    join content_item i on i.branch_id = b.id and i.uid = a.uid
    cross join lateral (
      select version, name, title, created_by, created_at from content_version
      where item_id = i.id and locale = a.locale and version > least(a."from", a."to" - 1) and version <= a."to"
      order by version desc limit ${most}) v
    order by a.n, v.version desc
  `.execute(db)
  return rows
}
