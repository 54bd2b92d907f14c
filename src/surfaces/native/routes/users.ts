import { NewUser, User, UserChange } from '#api/identity.ts'
import { Page, PageQuery, ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { createUser } from '#app/identity/create-user.ts'
import { getUser } from '#app/identity/get-user.ts'
import { listUsers } from '#app/identity/list-users.ts'
import { updateUser } from '#app/identity/update-user.ts'
import type { Grant } from '#app/identity/user-view.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewUser } from '../views/identity.ts'
import { ById } from './params.ts'

export function userRoutes(server: NativeServer): void {
  const tags = ['identity']
  const url = `${root}/users`

  server.get(
    url,
    {
      schema: { tags, summary: 'Users, oldest first', querystring: PageQuery, response: { 200: Page(User) } },
    },
    async (request) => {
      const { limit, after } = request.query
      const rows = await listUsers(callerOf(request), {
        limit: oneMore(limit),
        after: afterId('user', after),
      })
      return pageOf(rows, limit, viewUser, (row) => showId('user', row.id))
    },
  )

  server.post(
    url,
    { schema: { tags, summary: 'Make a user', body: NewUser, response: { 201: ref(User) } } },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { grants, ...fields } = request.body
      const made = viewUser(await createUser(ctx, { ...fields, grants: await grantsIn(ctx, grants) }))
      return reply.code(201).header('location', `${url}/${made.id}`).send(made)
    },
  )

  server.get(
    `${url}/:id`,
    { schema: { tags, summary: 'A user', params: ById, response: { 200: ref(User) } } },
    async (request) =>
      viewUser(await getUser(callerOf(request), { user_id: idIn('user', request.params.id) })),
  )

  server.patch(
    `${url}/:id`,
    {
      schema: {
        tags,
        summary: 'Change a user',
        params: ById,
        body: UserChange,
        response: { 200: ref(User) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { grants, ...fields } = request.body
      const user_id = idIn('user', request.params.id)
      return viewUser(await updateUser(ctx, { user_id, ...fields, grants: await grantsIn(ctx, grants) }))
    },
  )
}

/** Projects are named by key on the wire. */
async function grantsIn(ctx: Context, grants: UserChange['grants']): Promise<Grant[] | undefined> {
  if (!grants) return undefined
  return Promise.all(
    grants.map(async ({ project, role }) => ({
      project_id: project === null ? null : (await projectAt(ctx, { key: project })).id,
      role,
    })),
  )
}
