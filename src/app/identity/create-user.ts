import { DomainError } from '#domain/errors.ts'
import { hashPassword } from '#ground/secrets.ts'
import { insertRoleGrants } from '#store/role-grant.ts'
import { insertUser } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { refuseWider } from './refuse-wider.ts'
import { checkGrantedProjects, checkUserFields } from './user-fields.ts'
import { userReach } from './user-reach.ts'
import type { Grant, UserView } from './user-view.ts'

export interface NewUser {
  email: string
  /** Left out, the e-mail address. */
  name?: string
  /** Without one, nobody signs in as this user. */
  password?: string
  agent?: boolean
  grants?: readonly Grant[]
}

/** Throws `already_exists`, `invalid`, and `forbidden` where the user would be able to do more than its maker. */
export async function createUser(ctx: Context, input: NewUser): Promise<UserView> {
  authorize(ctx, 'user.admin')
  checkUserFields(input)
  // Before the transaction: it takes tens of milliseconds, and the embedded store has one transaction at a time.
  const password_hash = input.password === undefined ? null : await hashPassword(input.password)
  return transact(ctx, (unit) => createUserIn(ctx, unit, { ...input, password_hash }))
}

/** The same inside the caller's transaction, with the password already hashed. */
export async function createUserIn(
  ctx: Context,
  unit: Unit,
  input: Omit<NewUser, 'password'> & { password_hash: string | null },
): Promise<UserView> {
  authorize(ctx, 'user.admin')
  checkUserFields(input)
  const { email, name = email, agent = false, password_hash } = input
  const grants = distinct(input.grants ?? [])
  await checkGrantedProjects(unit.tx, grants)
  refuseWider(ctx.principal, userReach({ agent, grants }))
  const at = ctx.now()
  const row = { id: ctx.newId(), email, name, password_hash, agent, created_at: at, updated_at: at }
  if (!(await insertUser(unit.tx, { ...row, disabled_at: null })))
    throw new DomainError('already_exists', { what: 'user', id: email })
  await insertRoleGrants(
    unit.tx,
    grants.map((grant) => ({ ...grant, user_id: row.id, created_at: at })),
  )
  unit.record({ kind: 'user.created', subject_id: row.id, data: { email, agent, grants } })
  return {
    id: row.id,
    email,
    name,
    agent,
    disabled: false,
    grants,
    annotations: {},
    created_at: at,
    updated_at: at,
  }
}

/** Each role once. */
export function distinct(grants: readonly Grant[]): Grant[] {
  const byText = new Map(
    grants.map(({ project_id, role }) => [`${project_id ?? ''} ${role}`, { project_id, role }]),
  )
  return [...byText.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant)
}
