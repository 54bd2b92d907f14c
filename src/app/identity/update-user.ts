import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '#domain/errors.ts'
import { hashPassword } from '#ground/secrets.ts'
import { insertRoleGrants, lockAdmins, removeRoleGrants } from '#store/role-grant.ts'
import { removeSessions } from '#store/token.ts'
import { lockUser, updateUser as updateRow } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { distinct } from './create-user.ts'
import { refuseWider } from './refuse-wider.ts'
import { checkGrantedProjects, checkUserFields } from './user-fields.ts'
import { userReach } from './user-reach.ts'
import { viewUser, type Grant, type UserView } from './user-view.ts'

export interface UserChange {
  name?: string
  disabled?: boolean
  /** All that the user holds from now on. */
  grants?: readonly Grant[]
}

/**
 * What is left out stays. A new password, and being disabled, end the user's sessions. Throws `not_found`,
 * `forbidden` where the user can do, or would be able to do, more than who changes it, and `not_possible_now` for
 * the last admin.
 */
export async function updateUser(
  ctx: Context,
  { user_id, password, ...change }: UserChange & { user_id: string; password?: string },
): Promise<UserView> {
  authorize(ctx, 'user.admin')
  checkUserFields({ ...change, password })
  const password_hash = password === undefined ? undefined : await hashPassword(password)
  const { user } = await transact(ctx, (unit) =>
    changeUserIn(ctx, unit, user_id, { ...change, password_hash }),
  )
  return user
}

/** The same inside the caller's transaction; the caller forgets principals when it has committed. */
export async function changeUserIn(
  ctx: Context,
  unit: Unit,
  userId: string,
  { name, disabled, grants, password_hash }: UserChange & { password_hash?: string },
): Promise<{ user: UserView; changed: string[] }> {
  authorize(ctx, 'user.admin')
  checkUserFields({ name, grants })
  // Admins first and in one order: two who demote each other must not wait for each other.
  const admins = grants || disabled ? await lockAdmins(unit.tx) : []
  const row = await lockUser(unit.tx, userId)
  if (!row) throw new DomainError('not_found', { what: 'user', id: userId })
  const before = await viewUser(unit.tx, row)
  const after: UserView = {
    ...before,
    name: name ?? before.name,
    disabled: disabled ?? before.disabled,
    grants: grants ? distinct(grants) : before.grants,
  }
  const changed = [
    ...(after.name === before.name ? [] : ['name']),
    ...(after.disabled === before.disabled ? [] : ['disabled']),
    ...(isDeepStrictEqual(distinct(after.grants), distinct(before.grants)) ? [] : ['grants']),
    ...(password_hash === undefined ? [] : ['password']),
  ]
  if (changed.length === 0) return { user: before, changed }
  // Whoever sets another's password becomes that other.
  refuseWider(ctx.principal, userReach(before))
  refuseWider(ctx.principal, userReach(after))
  if (isAdmin(before) && !isAdmin(after)) refuseWithoutAdmin(userId, admins)
  const at = ctx.now()
  await updateRow(unit.tx, userId, {
    ...{ name: after.name, updated_at: at },
    disabled_at: after.disabled ? (row.disabled_at ?? at) : null,
    ...(password_hash !== undefined && { password_hash }),
  })
  if (changed.includes('grants')) {
    await checkGrantedProjects(unit.tx, after.grants)
    await removeRoleGrants(unit.tx, userId)
    await insertRoleGrants(
      unit.tx,
      after.grants.map((grant) => ({ ...grant, user_id: userId, created_at: at })),
    )
  }
  unit.record({ kind: 'user.updated', subject_id: userId, data: { email: before.email, changed } })
  const because = after.disabled ? 'disabled' : 'password changed'
  if (password_hash !== undefined || after.disabled) await endSessions(unit, userId, because)
  return { user: { ...after, updated_at: at }, changed }
}

async function endSessions(unit: Unit, userId: string, because: string): Promise<void> {
  const session_ids = await removeSessions(unit.tx, userId, 0)
  if (session_ids.length > 0)
    unit.record({ kind: 'user.sessions_ended', subject_id: userId, data: { session_ids, because } })
}

function isAdmin({ disabled, grants }: UserView): boolean {
  return !disabled && grants.some(({ project_id, role }) => project_id === null && role === 'admin')
}

/** An instance without an admin could only be helped by its configuration file. */
function refuseWithoutAdmin(userId: string, admins: readonly string[]): void {
  if (admins.some((id) => id !== userId)) return
  const action = 'stop being the last admin'
  throw new DomainError('not_possible_now', { what: 'user', id: userId, state: 'admin', action })
}
