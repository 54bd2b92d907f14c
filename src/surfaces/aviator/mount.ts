import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context, House } from '#app/context.ts'
import { DomainError } from '#domain/errors.ts'
import { admit } from './auth.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { say } from './errors.ts'
import type { Route } from './route.ts'

/** An endpoint and what answers it; none answers an absent one, nor one that mounts itself. */
export interface Mounted {
  /** The vendor's resource, and what the endpoint is called among its endpoints. */
  resource: string
  name: string
  endpoint: Endpoint
  route: Route | undefined
}

export function mount(server: FastifyInstance, house: House, all: readonly Mounted[]): void {
  for (const { endpoint, route } of all) {
    if (endpoint.own) continue
    const { method, path: url } = endpoint
    const callers = new WeakMap<FastifyRequest, Context>()
    server.route({
      method,
      url,
      ...(route ? { schema: { response: { [route.status]: route.answer } } } : {}),
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store')
        if (!route) {
          const message = `${method} ${url} is not built in this version of Headgate.`
          say(reply, { status: 501, error: 'Not implemented', message })
          return reply
        }
        callers.set(request, await admit(house, request))
        forgetTypeOfNothing(request)
      },
      handler: async (request, reply) => {
        const call = {
          ctx: callers.get(request)!,
          ...{ house, request, reply },
          params: request.params as Record<string, string>,
          query: request.query as Record<string, unknown>,
          body: bodyOf(request),
        }
        reply.status(route!.status)
        return route!.handle(call)
      },
    })
  }
}

/** Clients that always say `application/json` say it also where they send nothing, as to a rollback. */
function forgetTypeOfNothing({ headers }: FastifyRequest): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers
  if (coding === undefined && length === '0') delete headers['content-type']
}

/** Throws `malformed`. */
function bodyOf({ body = {} }: FastifyRequest): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>
  throw new DomainError('malformed', { detail: 'The body has to be a JSON object.' })
}
