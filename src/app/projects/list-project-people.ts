import { listPeople } from '#store/role-grant.ts'
import type { Role } from '#domain/roles.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface Person {
  id: string
  email: string
  name: string
  disabled: boolean
  created_at: Date
  updated_at: Date
  /** All that they hold there, also by a role on the whole instance. */
  roles: Role[]
}

const most = 1000

/** Who works on a project, the first thousand of them, by e-mail address. No agents. */
export async function listProjectPeople(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<Person[]> {
  authorize(ctx, 'project.read', { project_id })
  const rows = await listPeople(ctx.db, project_id, most)
  return rows.map(({ disabled_at, ...row }) => ({ ...row, disabled: disabled_at !== null }))
}
