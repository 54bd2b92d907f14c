import type { FastifyInstance } from 'fastify'
import { receiveCallback } from '#app/dispatches/receive-callback.ts'
import { DomainError } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'
import type { House, Surface } from '#surfaces/contract.ts'
import { answerError, answerUnmatched } from './errors.ts'
import { mountGitHub } from './github.ts'
import { mountRepositories } from './repositories.ts'
import { Callback, CallbackAnswer, CallbackPath, mostBytes, type CallbackBody } from './wire.ts'

const root = '/headgate/hooks'

/** What others call by themselves: executors that say how it goes on, hosts of git. No user and no role is behind it. */
export const hooks: Surface = {
  name: 'hooks',
  claims: (path) => path.toLowerCase() === root || path.toLowerCase().startsWith(`${root}/`),
  fail: answerError,
  unmatched: answerUnmatched,
  mount,
}

function mount(server: FastifyInstance, house: House): void {
  mountRepositories(server, house, root)
  mountGitHub(server, house, root)
  server.post<{ Params: { id: string }; Body: CallbackBody }>(
    `${root}/callbacks/:id`,
    {
      bodyLimit: mostBytes,
      schema: { params: CallbackPath, body: Callback, response: { 200: CallbackAnswer } },
    },
    async (request) => {
      const [, token = null] = /^bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '') ?? []
      const dispatch_id = readId('run', request.params.id)
      if (dispatch_id === undefined) throw new DomainError('unauthenticated', { credential: 'token' })
      return receiveCallback(house, { ...request.body, dispatch_id, token })
    },
  )
}
