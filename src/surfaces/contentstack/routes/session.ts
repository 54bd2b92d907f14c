import { listContentProjects } from '#app/content/list-content-projects.ts'
import { asPrincipal, type Context } from '#app/context.ts'
import { currentUser } from '#app/identity/current-user.ts'
import { updateOwnUser } from '#app/identity/update-own-user.ts'
import type { UserView } from '#app/identity/user-view.ts'
import { invalidField } from '#domain/errors.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { signOut } from '#app/identity/sign-out.ts'
import type { session } from '../endpoints/session.ts'
import { organization, secretShapes } from '../ids.ts'
import { limits } from '../limits.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { flag } from '../query.ts'
import { answering, reads, takes, type OpenCall, type Routes, type UserCall } from '../route.ts'
import { roleNames } from '../translate/role.ts'
import { readPerson, writeUser } from '../translate/user.ts'
import { UserChange } from '../wire/user.ts'
import { Login } from '../wire.ts'
import { NoticeAnswer, OneUser, type UserAnswer } from '../wire-answers.ts'
import { answerOrganization } from './organizations.ts'

export const sessionRoutes: Routes<typeof session> = {
  login: answering(
    OneUser,
    takes(Login, async ({ house, query }: OpenCall, { user: { email, password } }) => {
      const signed = await signIn(house, { email, password, secret_shape: secretShapes.authtoken })
      const ctx = asPrincipal(house, signed.principal)
      const user = await answerUser({ ctx, query }, signed.user)
      return { notice: 'Login Successful.', user: { ...user, authtoken: signed.secret } }
    }),
  ),

  logout: answering(
    NoticeAnswer,
    reads(async ({ ctx }: UserCall) => {
      await signOut(ctx)
      return { notice: "You've logged out successfully." }
    }),
  ),

  user: answering(
    OneUser,
    reads(async (call: UserCall) => ({ user: await answerUser(call, await currentUser(call.ctx)) })),
  ),

  updateUser: answering(
    OneUser,
    takes(UserChange, async (call: UserCall, { user: { email, password, ...sent } }) => {
      const before = await currentUser(call.ctx)
      if (password !== undefined)
        throw invalidField('password', 'immutable', 'is changed by an admin, and not here.')
      if (email !== undefined && email.toLowerCase() !== before.email.toLowerCase())
        throw invalidField('email', 'immutable', 'is what a user is found by: it stays.')
      const user = await updateOwnUser(call.ctx, readPerson(sent, before))
      return { notice: 'Profile updated successfully.', user: await answerUser(call, user) }
    }),
  ),
}

/** A user, with what the flags of the query ask for (section 1.3). */
async function answerUser(call: Pick<UserCall, 'ctx' | 'query'>, view: UserView): Promise<UserAnswer> {
  const { ctx, query } = call
  const user = writeUser(view, await uidsOf(ctx, 'user', [view.id]))
  const organizations = flag(query, 'include_orgs') || flag(query, 'include_orgs_roles')
  return {
    ...user,
    organizations: organizations ? [await answerOrganization(call)] : [],
    roles: flag(query, 'include_stack_roles') ? await stackRoles(ctx, view) : [],
    ...(flag(query, 'include_user_settings') ? { settings: { preferences: {} } } : {}),
  }
}

/** What the user holds on the stacks that they may read, the first of them. */
async function stackRoles(ctx: Context, { grants }: UserView): Promise<object[]> {
  const { projects } = await listContentProjects(ctx, { limit: limits.page, offset: 0 })
  const keys = await uidsOfEach(ctx, 'stack', projects)
  return projects.flatMap(({ id, name }) => {
    const api_key = keys(id) ?? ''
    const held = grants.filter(({ project_id }) => project_id === null || project_id === id)
    const named = roleNames(
      held.map(({ role }) => role),
      api_key,
    )
    return named.map((role) => ({ ...role, api_key, org_uid: organization, stack: { api_key, name } }))
  })
}
