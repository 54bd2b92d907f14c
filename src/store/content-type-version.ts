import { sql } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'
import type { ContentTypeRow } from './content-type.ts'
import type { Db } from './database.ts'

/** What a content type said before it was changed. */
export interface ContentTypeVersionTable {
  content_type_id: string
  version: number
  title: string
  description: string
  fields: JsonColumn<JsonObject[]>
  options: JsonColumn<JsonObject>
  updated_by: string | null
  updated_at: Date
}

interface VersionKey {
  project_id: string
  branch: string
  uid: string
  version: number
}

/** A content type as one of its versions said it, the present one included. */
export async function findContentTypeVersion(
  db: Db,
  { project_id, branch, uid, version }: VersionKey,
): Promise<ContentTypeRow | undefined> {
  const { rows } = await sql<ContentTypeRow>`
    select t.id, t.branch_id, t.uid, s.title, s.description, s.version, s.fields, s.options,
      t.created_by, s.updated_by, t.created_at, s.updated_at
    from content_branch b
    join content_type t on t.branch_id = b.id and t.uid = ${uid}
    cross join lateral (
      select t.version, t.title, t.description, t.fields, t.options, t.updated_by, t.updated_at
      where t.version = ${version}::int
      union all
      select v.version, v.title, v.description, v.fields, v.options, v.updated_by, v.updated_at
      from content_type_version v where v.content_type_id = t.id and v.version = ${version}::int) s
    where b.project_id = ${project_id} and b.uid = ${branch}
  `.execute(db)
  return rows[0]
}

/** Keeps what a type that is held says, before it is changed. */
export async function insertContentTypeVersion(db: Db, contentTypeId: string): Promise<void> {
  await sql`
    insert into content_type_version (content_type_id, version, title, description, fields, options, updated_by, updated_at)
    select id, version, title, description, fields, options, updated_by, updated_at
    from content_type where id = ${contentTypeId}
  `.execute(db)
}
