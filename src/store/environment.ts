import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Annotations, JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import { idsOfEach, type EachPage } from './page-each.ts'

export interface EnvironmentTable {
  id: string
  project_id: string
  name: string
  position: number
  tier: string | null
  parent_id: string | null
  requires_parent: Generated<boolean>
  /** Whether what succeeds in its parent goes on to it by itself. */
  auto_promote: Generated<boolean>
  /** How many people have to approve a plan before it is applied here, and how long they are waited for. */
  approvals_needed: Generated<number>
  approval_timeout_seconds: Generated<number>
  executor: string
  /** What its executor needs, from headgate.yaml. Secrets in it are sealed for `environment <id>`. */
  executor_settings: JsonColumnWithDefault<JsonObject>
  annotations: JsonColumnWithDefault<Annotations>
  version: Generated<number>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export type EnvironmentRow = Selectable<EnvironmentTable>

export function findEnvironment(db: Db, id: string): Promise<EnvironmentRow | undefined> {
  return db.selectFrom('environment').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findEnvironmentByName(
  db: Db,
  projectId: string,
  name: string,
): Promise<EnvironmentRow | undefined> {
  return db
    .selectFrom('environment')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** All environments of a project in pipeline order. */
export function listEnvironments(db: Db, projectId: string): Promise<EnvironmentRow[]> {
  return db
    .selectFrom('environment')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** All of a project, held until the transaction ends, so that their order stands still. */
export function lockEnvironments(db: Db, projectId: string): Promise<EnvironmentRow[]> {
  const query = db.selectFrom('environment').selectAll().where('project_id', '=', projectId)
  return query.orderBy('id').forNoKeyUpdate().execute()
}

/**
 * In the order of their ids, which is the order in which several are held: against their removal (`share`), against
 * whoever else holds them so (`update`), or against all who hold them (`alone`).
 */
export function listEnvironmentsById(
  db: Db,
  projectId: string,
  ids: readonly string[],
  hold?: 'share' | 'update' | 'alone',
): Promise<EnvironmentRow[]> {
  const query = db
    .selectFrom('environment')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .orderBy('id')
  if (hold === 'share') return query.forKeyShare().execute()
  if (hold === 'alone') return query.forUpdate().execute()
  return (hold ? query.forNoKeyUpdate() : query).execute()
}

/** Its position is after all others. False when the name is taken. */
export async function insertEnvironment(
  db: Db,
  row: Omit<Insertable<EnvironmentTable>, 'position'>,
): Promise<EnvironmentRow | undefined> {
  return db
    .insertInto('environment')
    .values({
      ...row,
      position: sql<number>`(select coalesce(max(position), 0) + 1 from environment where project_id = ${row.project_id})`,
    })
    .onConflict((on) => on.columns(['project_id', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function updateEnvironment(
  db: Db,
  id: string,
  row: Updateable<EnvironmentTable>,
): Promise<EnvironmentRow | undefined> {
  return db
    .updateTable('environment')
    .set({ ...row, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function removeEnvironment(db: Db, id: string): Promise<void> {
  await db.deleteFrom('environment').where('id', '=', id).execute()
}

/** Of any project, in no order. */
export function findEnvironmentsById(db: Db, ids: readonly string[]): Promise<EnvironmentRow[]> {
  return db
    .selectFrom('environment')
    .selectAll()
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** A page of the environments of each project, in pipeline order; only of `environment_ids`, where they are given. */
export function pageEnvironments(
  db: Db,
  { project_ids, environment_ids }: { project_ids: readonly string[]; environment_ids?: readonly string[] },
  page: EachPage<string>,
): Promise<EnvironmentRow[]> {
  const where = environment_ids && sql`one.id = any(${sql.val(environment_ids)}::uuid[])`
  const ids = idsOfEach({
    from: sql`environment`,
    list: sql`one.project_id`,
    // Several may have one position: then it is their ids that tell them apart.
    key: sql`(lpad(one.position::text, 10, '0') || ' ' || one.id)`,
    type: sql`text`,
    order: 'up',
    ...{ ids: project_ids, where, page },
  })
  return db
    .selectFrom('environment')
    .selectAll()
    .where('id', '=', ids)
    .orderBy('position')
    .orderBy('id')
    .execute()
}
