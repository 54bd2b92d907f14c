import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface ContentTypeTable {
  id: string
  branch_id: string
  uid: string
  title: string
  description: Generated<string>
  version: number
  fields: JsonColumn<JsonObject[]>
  options: JsonColumnWithDefault<JsonObject>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export type ContentTypeRow = Selectable<ContentTypeTable>

interface TypeKey {
  project_id: string
  branch: string
  uid: string
}

export function findContentType(db: Db, key: TypeKey): Promise<ContentTypeRow | undefined> {
  return typeOf(db, key).executeTakeFirst()
}

/** The type, held until the transaction ends: no entry of it is written meanwhile. */
export function claimContentType(db: Db, key: TypeKey): Promise<ContentTypeRow | undefined> {
  return typeOf(db, key).forUpdate('content_type').executeTakeFirst()
}

function typeOf(db: Db, { project_id, branch, uid }: TypeKey) {
  return db
    .selectFrom('content_branch')
    .innerJoin('content_type', 'content_type.branch_id', 'content_branch.id')
    .selectAll('content_type')
    .where('content_branch.project_id', '=', project_id)
    .where('content_branch.uid', '=', branch)
    .where('content_type.uid', '=', uid)
}

export interface TypePage {
  branch_id: string
  uids?: readonly string[]
  limit: number
  offset: number
}

/** Latest updated first. */
export function listContentTypes(db: Db, page: TypePage): Promise<ContentTypeRow[]> {
  return typesOf(db, page)
    .selectAll()
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countContentTypes(db: Db, page: Pick<TypePage, 'branch_id' | 'uids'>): Promise<number> {
  const { count } = await typesOf(db, page)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

function typesOf(db: Db, { branch_id, uids }: Pick<TypePage, 'branch_id' | 'uids'>) {
  const query = db.selectFrom('content_type').where('branch_id', '=', branch_id)
  return uids ? query.where('uid', '=', sql<string>`any(${sql.val(uids)}::text[])`) : query
}

/** Breaks the constraint `content_type_branch_id_uid_key` or `content_type_title` where uid or title is taken. */
export function insertContentType(db: Db, row: Insertable<ContentTypeTable>): Promise<ContentTypeRow> {
  return db.insertInto('content_type').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Breaks the constraint `content_type_title` where the title is taken. */
export function updateContentType(
  db: Db,
  id: string,
  row: Updateable<ContentTypeTable>,
): Promise<ContentTypeRow> {
  return db.updateTable('content_type').set(row).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

export async function removeContentType(db: Db, id: string): Promise<void> {
  await db.deleteFrom('content_type').where('id', '=', id).execute()
}

export function listContentTypesById(db: Db, ids: readonly string[]): Promise<ContentTypeRow[]> {
  return db
    .selectFrom('content_type')
    .selectAll()
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

export async function listContentTypeIds(db: Db, branchId: string): Promise<string[]> {
  const rows = await db.selectFrom('content_type').select('id').where('branch_id', '=', branchId).execute()
  return rows.map(({ id }) => id)
}
