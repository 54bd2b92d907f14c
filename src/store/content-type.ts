import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'
import {
  compileCondition,
  compileOrder,
  type Columns,
  type Condition,
  type Order,
} from './content-condition.ts'
import type { Db } from './database.ts'
import { readWhere } from './time-limit.ts'

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

export interface TypeFilter {
  branch_id: string
  uids?: readonly string[]
  /** Of what a type says of itself only. */
  where?: Condition
}

export interface TypePage extends TypeFilter {
  order?: readonly Order[]
  limit: number
  offset: number
}

const columns: Columns = {
  data: sql`null::jsonb`,
  uid: sql`uid`,
  version: sql`version`,
  title: sql`title`,
  parent_uid: sql`null::text`,
  created_at: sql`created_at`,
  updated_at: sql`updated_at`,
  created_by: sql`created_by`,
  updated_by: sql`updated_by`,
  published_at: sql`null::timestamptz`,
}

/** Latest updated first, after what `order` says. */
export function listContentTypes(db: Db, page: TypePage): Promise<ContentTypeRow[]> {
  return readWhere(db, page.where, (bounded) => {
    let query = typesOf(bounded, page).selectAll()
    for (const each of compileOrder(page.order ?? [], columns)) query = query.orderBy(each)
    return query
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute()
  })
}

export function countContentTypes(db: Db, filter: TypeFilter): Promise<number> {
  return readWhere(db, filter.where, async (bounded) => {
    const { count } = await typesOf(bounded, filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return count
  })
}

function typesOf(db: Db, { branch_id, uids, where }: TypeFilter) {
  let query = db.selectFrom('content_type').where('branch_id', '=', branch_id)
  if (uids) query = query.where('uid', '=', sql<string>`any(${sql.val(uids)}::text[])`)
  return where ? query.where(compileCondition(where, columns)) : query
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
