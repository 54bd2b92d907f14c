import { sql, type Insertable, type Selectable } from 'kysely'
import type { Role } from '#domain/roles.ts'
import type { Db } from './database.ts'

export interface RoleGrantTable {
  user_id: string
  /** Null: held on the whole instance. */
  project_id: string | null
  role: 'viewer' | 'releaser' | 'approver' | 'admin'
  created_at: Date
}

export type RoleGrantRow = Selectable<RoleGrantTable>

export function listRoleGrants(db: Db, userIds: readonly string[]): Promise<RoleGrantRow[]> {
  return db
    .selectFrom('role_grant')
    .selectAll()
    .where('user_id', '=', sql<string>`any(${sql.val(userIds)}::uuid[])`)
    .orderBy('user_id')
    .orderBy('project_id', (order) => order.asc().nullsFirst())
    .orderBy('role')
    .execute()
}

export async function insertRoleGrants(db: Db, rows: readonly Insertable<RoleGrantTable>[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('role_grant')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .execute()
}

export async function removeRoleGrants(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('role_grant').where('user_id', '=', userId).execute()
}

/**
 * The users who can sign in and hold admin on the whole instance. Their grants are locked until the transaction
 * ends, in one order, so that two who take it from each other at once cannot both succeed.
 */
export async function lockAdmins(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('role_grant')
    .innerJoin('user', 'user.id', 'role_grant.user_id')
    .select('user.id')
    .where('role_grant.project_id', 'is', null)
    .where('role_grant.role', '=', 'admin')
    .where('user.disabled_at', 'is', null)
    .orderBy('user.id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.id)
}

/** Names of people who hold one of these roles on a project or everywhere, and can sign in. No agents. */
export async function listUsersWithRole(
  db: Db,
  projectId: string,
  roles: readonly Role[],
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('role_grant')
    .innerJoin('user', 'user.id', 'role_grant.user_id')
    .select('user.name')
    .distinct()
    .where('role_grant.role', 'in', roles)
    .where((eb) => eb.or([eb('project_id', 'is', null), eb('project_id', '=', projectId)]))
    .where('user.disabled_at', 'is', null)
    .where('user.agent', '=', false)
    .orderBy('user.name')
    .limit(limit)
    .execute()
  return rows.map(({ name }) => name)
}

/** Everybody who holds a role on a project or everywhere, with what they hold there, by e-mail address. No agents. */
export async function listPeople(db: Db, projectId: string, limit: number) {
  const { rows } = await sql<{
    id: string
    email: string
    name: string
    disabled_at: Date | null
    created_at: Date
    updated_at: Date
    roles: Role[]
  }>`
    select u.id, u.email, u.name, u.disabled_at, u.created_at, u.updated_at,
      array_agg(distinct g.role order by g.role) as roles
    from role_grant g join "user" u on u.id = g.user_id
    where (g.project_id is null or g.project_id = ${projectId}) and not u.agent
    group by u.id order by lower(u.email) limit ${limit}
  `.execute(db)
  return rows
}
