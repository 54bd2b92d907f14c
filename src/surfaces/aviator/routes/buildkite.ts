import type { FastifyInstance } from 'fastify'
import type { House } from '#app/context.ts'
import { say } from '../errors.ts'

/** `POST /api/buildkite/webhook` (section 2.7). */
export function mountBuildkite(server: FastifyInstance, _house: House): void {
  server.post('/api/buildkite/webhook', async (_request, reply) => {
    say(reply, { status: 501, error: 'Not implemented' })
    return reply
  })
}
