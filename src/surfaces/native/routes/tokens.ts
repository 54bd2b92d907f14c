import { Type } from 'typebox'
import { MadeToken, NewToken, Token } from '#api/identity.ts'
import { Page, SearchQuery, ref } from '#api/schema.ts'
import { createToken } from '#app/identity/create-token.ts'
import { getToken } from '#app/identity/get-token.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentIdsAt, idIn, projectAt, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewToken } from '../views/identity.ts'
import { ById } from './params.ts'

const TokenSearch = SearchQuery({
  project: Type.Optional(
    Type.String({ maxLength: 128, description: 'Those bound to it; else those bound to none' }),
  ),
})

export function tokenRoutes(server: NativeServer): void {
  const tags = ['identity']
  const url = `${root}/tokens`

  server.get(
    url,
    {
      schema: {
        tags,
        summary: 'Tokens, oldest first; never their secrets',
        querystring: TokenSearch,
        response: { 200: Page(Token) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, project } = request.query
      const project_id = project === undefined ? null : (await projectAt(ctx, { key: project })).id
      const page = { limit: oneMore(limit), after: afterId('token', after) }
      const { tokens } = await listTokens(ctx, { project_id, ...page })
      return pageOf(tokens, limit, viewToken, (row) => showId('token', row.id))
    },
  )

  server.post(
    url,
    {
      schema: {
        tags,
        summary: 'Make a token; its secret is shown once',
        body: NewToken,
        response: { 201: MadeToken },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { kind = 'service', project, environments, expires_at, ...fields } = request.body
      const project_id = project === undefined ? null : (await projectAt(ctx, { key: project })).id
      const environment_ids = environments ? await environmentIdsAt(ctx, project_id, environments) : null
      const made = await createToken(ctx, {
        ...{ kind, project_id, environment_ids, ...fields },
        expires_at: expires_at === undefined ? null : timeField('expires_at', expires_at),
      })
      const token = viewToken(made.token)
      return reply.code(201).header('location', `${url}/${token.id}`).send({ token, secret: made.secret })
    },
  )

  server.get(
    `${url}/:id`,
    { schema: { tags, summary: 'A token', params: ById, response: { 200: ref(Token) } } },
    async (request) =>
      viewToken(await getToken(callerOf(request), { token_id: idIn('token', request.params.id) })),
  )

  server.delete(
    `${url}/:id`,
    {
      schema: {
        tags,
        summary: 'Remove a token: it opens nothing from now on',
        params: ById,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removeToken(callerOf(request), { token_id: idIn('token', request.params.id) })
      return reply.code(204).send(null)
    },
  )
}
