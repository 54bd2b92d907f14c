import type { FastifyInstance } from 'fastify'
import type { House } from '#app/context.ts'
import { say } from '../errors.ts'

/** `POST /graphql` and `POST /api/graphql` (section 3). */
export function mountGraphql(server: FastifyInstance, _house: House): void {
  for (const url of ['/graphql', '/api/graphql'])
    server.post(url, async (_request, reply) => {
      say(reply, { status: 501, error: 'Not implemented' })
      return reply
    })
}
