import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context, House } from '#app/context.ts'
import { DomainError } from '#domain/errors.ts'
import { admit } from '../auth.ts'
import { say as sayPlainly } from '../errors.ts'
import { paths, withErrors } from './errors.ts'
import { mostBytes } from './limits.ts'
import { sayErrors } from './say-errors.ts'
import type { Answer, Asked, Serving } from './serve.ts'

/**
 * `POST /graphql` and `POST /api/graphql` (section 3). The graph and all that answers it is loaded at the first
 * request: who never asks for it pays neither time nor memory.
 */
export function mountGraphql(server: FastifyInstance, house: House): void {
  const callers = new WeakMap<FastifyRequest, Context>()
  let serving: Promise<Serving> | undefined
  const load = () => {
    serving ??= import('./serve.ts').catch((error: unknown) => {
      serving = undefined
      throw error
    })
    return serving
  }
  for (const url of paths) {
    server.post(url, {
      bodyLimit: mostBytes,
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store')
        callers.set(request, await admit(house, request))
        // A page of another site can send any other type without asking first.
        if (!/^application\/([a-z0-9.-]+\+)?json\b/i.test(request.headers['content-type'] ?? ''))
          throw new DomainError('malformed', { detail: 'Send the document as application/json.' })
      },
      handler: async (request, reply) => {
        const asked = readAsked(request.body)
        const { answer } = await load()
        return say(request, reply, await answer(callers.get(request)!, asked))
      },
    })
    server.get(url, {
      onRequest: async (request) => void (await admit(house, request)),
      handler: async (request, reply) => refuseMethod(request, reply),
    })
  }
}

/** Throws `malformed`. Keys that are not known are left alone. */
function readAsked(body: unknown): Asked {
  const wrong = (detail: string) => new DomainError('malformed', { detail })
  if (Array.isArray(body)) throw wrong('One document at a time: a list of them is not answered.')
  if (typeof body !== 'object' || body === null) throw wrong('The body has to be a JSON object.')
  const { query, variables, operationName } = body as Record<string, unknown>
  if (typeof query !== 'string' || query.trim() === '') throw wrong('`query` has to be a document.')
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
    throw wrong('`variables` has to be an object.')
  if (typeof (operationName ?? '') !== 'string') throw wrong('`operationName` has to be a text.')
  return {
    query,
    ...(variables ? { variables: variables as Record<string, unknown> } : {}),
    ...(operationName ? { operationName: operationName as string } : {}),
  }
}

/**
 * GraphQL over HTTP: who asks for `application/graphql-response+json` is told by the status that nothing was executed;
 * everybody else gets 200, as clients of the older kind expect.
 */
function say(request: FastifyRequest, reply: FastifyReply, { data, errors }: Answer): FastifyReply {
  const type = 'application/graphql-response+json'
  const spoken = request.headers.accept?.includes(type) ? type : 'application/json'
  const status = data === undefined && spoken === type ? 400 : 200
  const said = { ...(data !== undefined && { data }), ...(errors && { errors: sayErrors(errors, request) }) }
  return reply.code(status).type(`${spoken}; charset=utf-8`).serializer(String).send(JSON.stringify(said))
}

/** Nothing is read by GET: what a link can ask, another site can ask. */
function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const detail = 'POST a JSON body with `query` and `variables`.'
  const saying = { status: 405, error: `${request.method} is not served here`, message: detail }
  sayPlainly(reply.header('allow', 'POST'), withErrors(saying, new DomainError('malformed', { detail })))
  return reply
}
