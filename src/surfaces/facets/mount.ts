import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { admit } from './auth.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { say } from './errors.ts'
import type { Route } from './route.ts'

/** An endpoint and what answers it; none answers an absent one. */
export interface Mounted {
  /** The vendor's resource, and what the endpoint is called among its endpoints. */
  resource: string
  name: string
  endpoint: Endpoint
  route: Route | undefined
}

export function mount(server: FastifyInstance, house: House, all: readonly Mounted[]): void {
  for (const { endpoint, route } of all) {
    const { method, path: url, open } = endpoint
    const callers = new WeakMap<FastifyRequest, Context>()
    const answer = typeof route?.answer === 'object' ? route.answer : undefined
    server.route({
      method,
      url,
      // A stream cannot be asked for its head.
      exposeHeadRoute: method === 'GET' && route?.answer !== 'raw',
      ...(answer ? { schema: { response: { 200: answer } } } : {}),
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store')
        if (!route) {
          say(reply, { status: 501, message: `${method} ${url} is not built in this version of Headgate.` })
          return reply
        }
        callers.set(request, open ? asPrincipal(house, null) : await admit(house, request))
        forgetTypeOfNothing(request)
      },
      handler: async (request, reply) => {
        const value = await route!.handle({
          ctx: callers.get(request)!,
          ...{ house, request, reply },
          params: request.params as Record<string, string>,
          query: request.query as Record<string, unknown>,
          body: request.body ?? undefined,
        })
        return send(reply, route!, value)
      },
    })
  }
}

/** An empty answer has no type; a bare text is JSON, too (section 2.2, `state`). */
function send(reply: FastifyReply, { answer }: Route, value: unknown): unknown {
  if (answer === 'nothing') return reply.code(200).send()
  if (answer === 'raw') return value
  if (typeof value !== 'string') return value
  return reply.type('application/json; charset=utf-8').serializer(String).send(JSON.stringify(value))
}

/** Clients that always say `application/json` say it also where they send nothing. */
function forgetTypeOfNothing({ headers }: FastifyRequest): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers
  if (coding === undefined && length === '0') delete headers['content-type']
}
