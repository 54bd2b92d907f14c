import { Credentials, OpenedSession, Session } from '#api/identity.ts'
import type { House } from '#app/context.ts'
import { currentUser } from '#app/identity/current-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { signOut } from '#app/identity/sign-out.ts'
import { showId } from '#domain/ids.ts'
import { Type } from 'typebox'
import { callerOf } from '../caller.ts'
import { root, type NativeServer } from '../server.ts'
import { viewUser } from '../views/identity.ts'

const url = `${root}/session`

export function sessionRoutes(server: NativeServer, house: House): void {
  const tags = ['identity']
  server.post(
    url,
    {
      config: { public: true },
      schema: { tags, summary: 'Sign in', security: [], body: Credentials, response: { 201: OpenedSession } },
    },
    async (request, reply) => {
      const { secret, user } = await signIn(house, request.body)
      return reply.code(201).send({ token: secret, user: viewUser(user) })
    },
  )

  server.get(
    url,
    { schema: { tags, summary: 'Who is asking', response: { 200: Session } } },
    async (request) => {
      const ctx = callerOf(request)
      const { kind, name, scopes, project_id, user_id } = ctx.principal!
      const user = user_id === null ? null : viewUser(await currentUser(ctx))
      return { user, kind, name, scopes, project_id: project_id && showId('project', project_id) }
    },
  )

  server.delete(
    url,
    { schema: { tags, summary: 'Sign out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await signOut(callerOf(request))
      return reply.code(204).send(null)
    },
  )
}
