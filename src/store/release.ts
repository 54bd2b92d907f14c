import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'
import {
  compileCondition,
  compileOrder,
  type Columns,
  type Condition,
  type Order,
} from './content-condition.ts'
import type { Db } from './database.ts'
import { idsOfEach, type EachPage } from './page-each.ts'
import type { ProjectTable } from './project.ts'
import { readWhere } from './time-limit.ts'

export interface ReleaseTable {
  id: string
  project_id: string
  branch: string | null
  name: string
  description: Generated<string>
  one_shot: Generated<boolean>
  lock: 'user' | 'deployment' | null
  locked_by: string | null
  locked_at: Date | null
  lock_reason: string | null
  archived: Generated<boolean>
  version: Generated<number>
  annotations: JsonColumnWithDefault<Annotations>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
  /** Deleted, and kept because it was deployed. */
  removed_at: Date | null
}

export type ReleaseRow = Selectable<ReleaseTable>

export interface ReleaseFilter {
  project_id: string
  branch?: string
  /** Those of these branches, and those of none. */
  branches?: readonly string[]
  name?: string
  /** Part of its name, in any case. */
  q?: string
  archived?: boolean
  locked?: boolean
  /** Of the fields of `columns`, and of `description`, `locked`, `archived`. */
  where?: Condition
}

export function findRelease(db: Db, projectId: string, id: string): Promise<ReleaseRow | undefined> {
  return db
    .selectFrom('release')
    .selectAll()
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

export function findReleaseById(db: Db, id: string): Promise<ReleaseRow | undefined> {
  return db
    .selectFrom('release')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

/** A release whose row is held, with what its project is: what its revisions say follows from that. */
export type HeldRelease = ReleaseRow & { project_kind: ProjectTable['kind'] }

/** Holds the release's row, so that its items and revisions stand still. */
export async function lockRelease(db: Db, projectId: string, id: string): Promise<HeldRelease | undefined> {
  const [row] = await lockReleases(db, projectId, [id])
  return row
}

/** Holds the rows of releases, everybody in the order of their ids, so that no two wait for each other. */
export function lockReleases(db: Db, projectId: string, ids: readonly string[]): Promise<HeldRelease[]> {
  return db
    .selectFrom('release')
    .innerJoin('project', 'project.id', 'release.project_id')
    .selectAll('release')
    .select('project.kind as project_kind')
    .where('release.id', 'in', ids)
    .where('release.project_id', '=', projectId)
    .where('release.removed_at', 'is', null)
    .orderBy('release.id')
    .forUpdate('release')
    .execute()
}

/** What a condition or an order on releases is about: `title` is the name, `uid` our own id. */
const columns: Columns = {
  data: sql`jsonb_build_object('description', release.description, 'locked', release.lock is not null,
    'archived', release.archived)`,
  uid: sql`release.id::text`,
  version: sql`release.version`,
  title: sql`release.name`,
  parent_uid: sql`null::text`,
  created_at: sql`release.created_at`,
  updated_at: sql`release.updated_at`,
  created_by: sql`release.created_by`,
  updated_by: sql`release.updated_by`,
  published_at: sql`null::timestamptz`,
}

export interface ReleasePage {
  order: 'updated' | 'newest'
  sorting?: readonly Order[]
  limit: number
  offset?: number
  after?: string
}

/**
 * Named releases only. By `updated`: latest change first, with an offset; by `newest`: by id, after a given one. A
 * `sorting` comes before either and is paged by offset.
 */
export function listReleases(
  db: Db,
  filter: ReleaseFilter,
  page: ReleasePage,
): Promise<(ReleaseRow & { item_count: number })[]> {
  return readWhere(db, filter.where, (bounded) => releasesOf(bounded, filter, page).execute())
}

function releasesOf(db: Db, filter: ReleaseFilter, page: ReleasePage) {
  let query = named(db, filter)
    .selectAll('release')
    .select((eb) =>
      eb
        .selectFrom('release_item')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('release_item.release_id', '=', 'release.id')
        .$asScalar()
        .$notNull()
        .as('item_count'),
    )
    .limit(page.limit)
  for (const by of compileOrder(page.sorting ?? [], columns)) query = query.orderBy(by)
  if (!page.sorting?.length && page.order === 'updated') query = query.orderBy('updated_at', 'desc')
  query = query.orderBy('id', 'desc')
  if (page.offset) query = query.offset(page.offset)
  if (page.after !== undefined) query = query.where('id', '<', page.after)
  return query
}

export async function countReleases(db: Db, filter: ReleaseFilter): Promise<number> {
  const row = await readWhere(db, filter.where, (bounded) =>
    named(bounded, filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  )
  return row.count
}

function named(db: Db, filter: ReleaseFilter) {
  let query = db
    .selectFrom('release')
    .where('project_id', '=', filter.project_id)
    // Not as a parameter: the planner could not tell then that the partial indexes hold all of these.
    .where(sql<boolean>`not one_shot`)
    .where('removed_at', 'is', null)
  if (filter.branch !== undefined) query = query.where('branch', '=', filter.branch)
  if (filter.branches !== undefined)
    query = query.where(sql<boolean>`(branch is null or branch = any(${sql.val(filter.branches)}::text[]))`)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.q !== undefined)
    query = query.where(sql<boolean>`strpos(lower(name), lower(${filter.q}::text)) > 0`)
  if (filter.where) query = query.where(compileCondition(filter.where, columns))
  if (filter.archived !== undefined) query = query.where('archived', '=', filter.archived)
  if (filter.locked !== undefined) query = query.where('lock', filter.locked ? 'is not' : 'is', null)
  return query
}

/** The named one of this name, newest first where several have it. */
export function findReleaseByName(db: Db, projectId: string, name: string): Promise<ReleaseRow | undefined> {
  return db
    .selectFrom('release')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .where(sql<boolean>`not one_shot`)
    .where('removed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Every name that was ever given and begins with this. */
export async function listReleaseNames(db: Db, projectId: string, beginning: string): Promise<string[]> {
  const rows = await db
    .selectFrom('release')
    .select('name')
    .where('project_id', '=', projectId)
    .where('name', 'like', `${beginning.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
    .where(sql<boolean>`not one_shot`)
    .execute()
  return rows.map(({ name }) => name)
}

/** The names that were given last, newest first. */
export async function listNewestReleaseNames(db: Db, projectId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('release')
    .select('name')
    .where('project_id', '=', projectId)
    .where(sql<boolean>`not one_shot`)
    .where('removed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ name }) => name)
}

export function insertRelease(db: Db, row: Insertable<ReleaseTable>): Promise<ReleaseRow> {
  return db.insertInto('release').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Raises the version with every change. With `version`, only if it still is that one. */
export function updateRelease(
  db: Db,
  id: string,
  row: Updateable<ReleaseTable>,
  version?: number,
): Promise<ReleaseRow | undefined> {
  let query = db
    .updateTable('release')
    .set({ ...row, version: sql<number>`version + 1` })
    .where('id', '=', id)
  if (version !== undefined) query = query.where('version', '=', version)
  return query.returningAll().executeTakeFirst()
}

export async function removeRelease(db: Db, id: string): Promise<void> {
  await db.deleteFrom('release').where('id', '=', id).execute()
}

/** Which project and branch a release is of, removed or not. */
export function findReleasePlace(
  db: Db,
  id: string,
): Promise<Pick<ReleaseRow, 'project_id' | 'branch'> | undefined> {
  return db.selectFrom('release').select(['project_id', 'branch']).where('id', '=', id).executeTakeFirst()
}

/** Those that are still there, of any project, in no order. */
export function listReleasesById(db: Db, ids: readonly string[]): Promise<ReleaseRow[]> {
  return db
    .selectFrom('release')
    .selectAll()
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .where('removed_at', 'is', null)
    .execute()
}

/** A page of the named releases of each project, newest first; only those of `branches` and of none, where given. */
export function pageReleases(
  db: Db,
  { project_ids, branches }: { project_ids: readonly string[]; branches?: readonly string[] },
  page: EachPage<string>,
): Promise<ReleaseRow[]> {
  const within = branches
    ? sql`and (one.branch is null or one.branch = any(${sql.val(branches)}::text[]))`
    : sql``
  const ids = idsOfEach({
    ...{ from: sql`release`, list: sql`one.project_id`, key: sql`one.id`, type: sql`uuid` },
    ...{ ids: project_ids, where: sql`not one.one_shot and one.removed_at is null ${within}`, page },
  })
  return db.selectFrom('release').selectAll().where('id', '=', ids).orderBy('id', 'desc').execute()
}
