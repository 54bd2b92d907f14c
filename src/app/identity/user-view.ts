import type { Role } from '#domain/roles.ts'
import type { Annotations } from '#store/columns.ts'
import type { Db } from '#store/database.ts'
import { listRoleGrants } from '#store/role-grant.ts'
import type { UserRow } from '#store/user.ts'

/** A role held on a project, or on the whole instance. */
export interface Grant {
  project_id: string | null
  role: Role
}

export interface UserView {
  id: string
  email: string
  name: string
  /** Never approves and never overrides, whatever its roles. */
  agent: boolean
  disabled: boolean
  grants: Grant[]
  annotations: Annotations
  created_at: Date
  updated_at: Date
}

export async function viewUsers(db: Db, rows: readonly UserRow[]): Promise<UserView[]> {
  if (rows.length === 0) return []
  const grants = await listRoleGrants(
    db,
    rows.map((row) => row.id),
  )
  const held = Map.groupBy(grants, (grant) => grant.user_id)
  return rows.map(({ id, email, name, agent, annotations, disabled_at, created_at, updated_at }) => ({
    id,
    email,
    name,
    agent,
    disabled: disabled_at !== null,
    grants: (held.get(id) ?? []).map(({ project_id, role }) => ({ project_id, role })),
    annotations,
    created_at,
    updated_at,
  }))
}

export async function viewUser(db: Db, row: UserRow): Promise<UserView> {
  const [view] = await viewUsers(db, [row])
  return view as UserView
}
