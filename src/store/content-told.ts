import { sql } from 'kysely'
import type { DraftView } from './content-draft.ts'
import type { Db } from './database.ts'

/** A version of an item: the newest of the locale, or of any, where it is not said. `n` is its place in the request. */
export interface ToldQuestion {
  n: number
  branch: string
  uid: string
  locale: string | null
  version: number | null
}

export type ToldVersion = DraftView & { n: number; branch: string }

/** Versions of any items of a project, in one statement, of what was deleted since too. What is not there is missing. */
export async function listToldVersions(
  db: Db,
  project_id: string,
  asked: readonly ToldQuestion[],
): Promise<ToldVersion[]> {
  if (asked.length === 0) return []
  const { rows } = await sql<ToldVersion>`
    select a.n, a.branch, i.id, i.branch_id, i.uid, i.kind, i.content_type_uid, i.parent_uid, v.locale, v.version,
      v.name as version_name, v.title, v.data, false as in_progress, i.created_by, i.created_at,
      v.created_by as updated_by, v.created_at as updated_at
    from json_to_recordset(${JSON.stringify(asked)}::json)
      as a (n int, branch text, uid text, locale text, version int)
    join content_branch b on b.project_id = ${project_id}::uuid and b.uid = a.branch
    join content_item i on i.branch_id = b.id and i.uid = a.uid
    cross join lateral (
      select * from content_version w
      where w.item_id = i.id and w.locale = coalesce(a.locale, w.locale) and w.version = coalesce(a.version, w.version)
      order by w.version desc, w.locale limit 1) v
  `.execute(db)
  return rows
}
