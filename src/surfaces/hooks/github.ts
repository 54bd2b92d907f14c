import type { FastifyInstance, FastifyRequest } from 'fastify'
import { nudgeDispatch } from '#app/dispatches/nudge-dispatch.ts'
import { hearPush, trustHook } from '#app/repositories/hear-push.ts'
import { DomainError } from '#domain/errors.ts'
import type { House } from '#surfaces/contract.ts'

/** GitHub itself sends up to 25 MB; what we want to hear of is small, and a push is short enough as a rule. */
const mostBytes = 8 * 1024 * 1024

/**
 * The one address for all that GitHub tells: a push is fetched, a run that went on is looked at. What a message says of a
 * run is not believed, only that there is something to see. Signed with the repository's `hook_secret`.
 */
export function mountGitHub(server: FastifyInstance, house: House, root: string): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => {
      done(null, body)
    })
    scope.post(`${root}/github`, { bodyLimit: mostBytes }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const message = messageIn(request, body)
      const signature = headerOf(request, 'x-hub-signature-256')
      const name = message.repository?.full_name
      const repository = await trustHook(house, typeof name === 'string' ? name : '', { body, signature })
      const event = headerOf(request, 'x-github-event')
      if (event === 'ping') return reply.code(200).send({ heard: true })
      if (event === 'push') await hearPush(house, repository)
      const run_id = message.workflow_run?.id
      const known =
        typeof run_id === 'number' &&
        Number.isSafeInteger(run_id) &&
        (await nudgeDispatch(house, { executor: 'github-actions', outside_id: String(run_id) }))
      return reply.code(202).send({ heard: event === 'push' || known })
    })
  })
}

/** Whatever of it is there may be anything. */
interface Message {
  repository?: { full_name?: unknown }
  workflow_run?: { id?: unknown }
}

/** GitHub sends JSON, or a form with JSON in it, as its settings say; either is signed as it is. */
function messageIn(request: FastifyRequest, body: Buffer): Message {
  const form = /^application\/x-www-form-urlencoded\b/i.test(headerOf(request, 'content-type') ?? '')
  try {
    const text = body.toString('utf8')
    const said: unknown = JSON.parse(form ? (new URLSearchParams(text).get('payload') ?? '') : text)
    if (said !== null && typeof said === 'object') return said
  } catch {
    // Said below.
  }
  throw new DomainError('malformed', { detail: 'The message is no JSON.' })
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
