import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hearPush, trustHook } from '#app/repositories/hear-push.ts'
import type { House } from '#surfaces/contract.ts'

/** What hosts say of a push is never read, only signed: a long one is refused before it is kept. */
const mostBytes = 8 * 1024 * 1024

/** By which a host of git says that something was pushed: `/headgate/hooks/repositories/acme/shop`. */
export function mountRepositories(server: FastifyInstance, house: House, root: string): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => {
      done(null, body)
    })
    scope.post<{ Params: { '*': string } }>(
      `${root}/repositories/*`,
      { bodyLimit: mostBytes },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const repository = await trustHook(house, request.params['*'], { body, ...proofOf(request) })
        await hearPush(house, repository)
        return reply.code(202).send({ repository: repository.name })
      },
    )
  })
}

/** GitHub, Gitea, Forgejo and Bitbucket sign the body; GitLab, and whoever has to write it himself, sends the secret. */
function proofOf({ headers }: FastifyRequest): {
  signature?: string | undefined
  token?: string | undefined
} {
  const one = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const [, bearer] = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '') ?? []
  return {
    signature: one('x-hub-signature-256') ?? one('x-hub-signature'),
    token: one('x-gitlab-token') ?? bearer,
  }
}
