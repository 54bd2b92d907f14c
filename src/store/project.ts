import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'
import type { EachPage } from './page-each.ts'

export interface ProjectTable {
  id: string
  key: string
  name: string
  kind: 'content' | 'code' | 'infra' | 'data'
  annotations: JsonColumnWithDefault<Annotations>
  version: Generated<number>
  created_by: string | null
  created_at: Date
  updated_at: Date
}

export type ProjectRow = Selectable<ProjectTable>

export function findProject(db: Db, id: string): Promise<ProjectRow | undefined> {
  return db.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockProject(db: Db, id: string): Promise<ProjectRow | undefined> {
  return db.selectFrom('project').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export function findProjectByKey(db: Db, key: string): Promise<ProjectRow | undefined> {
  return db.selectFrom('project').selectAll().where('key', '=', key).executeTakeFirst()
}

/** Those of a kind whose key or display name is this, upper and lower case told apart. At most three. */
export function listProjectsCalled(
  db: Db,
  { kind, name }: { kind: ProjectTable['kind']; name: string },
): Promise<ProjectRow[]> {
  return db
    .selectFrom('project')
    .selectAll()
    .where('kind', '=', kind)
    .where((eb) => eb.or([eb('key', '=', name), eb('name', '=', name)]))
    .orderBy(sql`key <> ${name}`)
    .limit(3)
    .execute()
}

/** Ordered by key, after `after`. `ids` narrows to those a principal may read; undefined means all. */
export function listProjects(
  db: Db,
  { limit, after, ids }: { limit: number; after?: string; ids?: string[] },
): Promise<ProjectRow[]> {
  let query = db.selectFrom('project').selectAll().orderBy('key').limit(limit)
  if (after !== undefined) query = query.where('key', '>', after)
  if (ids) query = query.where('id', 'in', ids)
  return query.execute()
}

export interface WhichProjects {
  kind: ProjectTable['kind']
  /** Undefined means all. */
  ids?: string[]
}

/** By key, a page by position. */
export function listProjectsByPlace(
  db: Db,
  which: WhichProjects,
  { limit, offset }: { limit: number; offset: number },
): Promise<ProjectRow[]> {
  return projectsOf(db, which).selectAll().orderBy('key').limit(limit).offset(offset).execute()
}

export async function countProjects(db: Db, which: WhichProjects): Promise<number> {
  const query = projectsOf(db, which).select((eb) => eb.fn.countAll<number>().as('count'))
  return (await query.executeTakeFirstOrThrow()).count
}

function projectsOf(db: Db, { kind, ids }: WhichProjects) {
  const query = db.selectFrom('project').where('kind', '=', kind)
  return ids ? query.where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`) : query
}

/** False when the key is taken. */
export async function insertProject(db: Db, row: Insertable<ProjectTable>): Promise<boolean> {
  const result = await db
    .insertInto('project')
    .values(row)
    .onConflict((on) => on.column('key').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export function updateProject(
  db: Db,
  id: string,
  row: Updateable<ProjectTable>,
): Promise<ProjectRow | undefined> {
  return db
    .updateTable('project')
    .set({ ...row, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function removeProject(db: Db, id: string): Promise<void> {
  await db.deleteFrom('project').where('id', '=', id).execute()
}

/** In no order. */
export function listProjectsById(db: Db, ids: readonly string[]): Promise<ProjectRow[]> {
  return db
    .selectFrom('project')
    .selectAll()
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** By key: what follows `after` and precedes `before`; `backwards` the last of them, the last one first. */
export function pageProjects(
  db: Db,
  which: WhichProjects,
  { limit, after, before, backwards = false }: EachPage<string>,
): Promise<ProjectRow[]> {
  let query = projectsOf(db, which).selectAll().limit(limit)
  if (after !== undefined) query = query.where('key', '>', after)
  if (before !== undefined) query = query.where('key', '<', before)
  return query.orderBy('key', backwards ? 'desc' : 'asc').execute()
}
