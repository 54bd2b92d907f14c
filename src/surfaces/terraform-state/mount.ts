import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lockState } from '#app/state/lock-state.ts'
import { readState } from '#app/state/read-state.ts'
import { removeState } from '#app/state/remove-state.ts'
import { unlockState } from '#app/state/unlock-state.ts'
import { writeState } from '#app/state/write-state.ts'
import { DomainError } from '#domain/errors.ts'
import type { House } from '#surfaces/contract.ts'
import { admit, type Place } from './auth.ts'
import { bodyOf, checkMd5, lockIdIn, mostInfo, mostState, versionIn, type Query } from './wire.ts'
import { sayLock, sayUnlock, sayWrite } from './answers.ts'

export const root = '/terraform-state'
const path = `${root}/:project/:environment`

interface Asked {
  Params: Place
  Querystring: Query
}
type Handler = (request: FastifyRequest<Asked>, reply: FastifyReply) => Promise<FastifyReply>

/**
 * The state of an environment: GET, POST (or PUT), DELETE; LOCK and UNLOCK by those methods, and by others at `/lock`
 * and `/unlock` for clients that are configured so (`lock_method`, `unlock_method`). A state is never logged and never
 * parsed beyond what tells it from an older one.
 */
export function mount(server: FastifyInstance, house: House): void {
  for (const method of ['LOCK', 'UNLOCK']) server.addHttpMethod(method, { hasBody: true })
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const whole = { parseAs: 'buffer', bodyLimit: mostState } as const
    scope.addContentTypeParser('*', whole, (_request, body, done) => done(null, body))
    // Before a body of many megabytes is read.
    scope.addHook<Asked>('onRequest', async (request) => {
      await admit(house, request)
    })
    const route = (method: string | string[], url: string, handler: Handler, bodyLimit = mostInfo) =>
      scope.route<Asked>({ method, url, handler, bodyLimit, schema: { hide: true } as object })
    route('GET', path, read)
    route(['POST', 'PUT'], path, write, mostState)
    route('DELETE', path, remove)
    route('LOCK', path, lock)
    route('UNLOCK', path, unlock)
    route(['LOCK', 'POST', 'PUT'], `${path}/lock`, lock)
    route(['DELETE'], `${path}/lock`, unlock)
    route(['UNLOCK', 'POST', 'PUT', 'DELETE'], `${path}/unlock`, unlock)
  })

  const read: Handler = async (request, reply) => {
    const state = await readState(await admit(house, request), versionIn(request.query))
    if (!state) return reply.code(204).send()
    return reply.code(200).type('application/json').header('cache-control', 'no-store').send(state)
  }
  const write: Handler = async (request, reply) => {
    const bytes = bodyOf(request)
    if (bytes.length === 0) throw new DomainError('malformed', { detail: 'A state is not empty.' })
    checkMd5(bytes, request.headers['content-md5'])
    const lock_id = lockIdIn(request.query)
    return sayWrite(reply, await writeState(await admit(house, request), { bytes, lock_id }))
  }
  const remove: Handler = async (request, reply) =>
    sayWrite(reply, await removeState(await admit(house, request), lockIdIn(request.query)))
  const lock: Handler = async (request, reply) =>
    sayLock(reply, await lockState(await admit(house, request), bodyOf(request).toString('utf8')))
  const unlock: Handler = async (request, reply) =>
    sayUnlock(reply, await unlockState(await admit(house, request), bodyOf(request).toString('utf8')))
}
