import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { DomainError } from '#domain/errors.ts'
import type { House } from '#app/context.ts'
import { admit, header, isDelivery, type Admission } from './auth.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { notFound, say } from './errors.ts'
import type { OpenCall, Route, StackCall } from './route.ts'
import { letRead, readingHeaders } from './let-read.ts'
import { tellRate } from './tell-rate.ts'

/** An endpoint and what answers it; none answers an absent one. */
export interface Mounted {
  /** The vendor's resource, and what the endpoint is called among its endpoints. */
  resource: string
  name: string
  endpoint: Endpoint
  route: Route<never> | undefined
}

export const root = '/v3'

/**
 * Registers endpoints. Where the management and the delivery API share an address, the request's credential tells
 * which of the two is meant, so both are one route of the server.
 */
export function mount(server: FastifyInstance, house: House, all: readonly Mounted[]): void {
  for (const doors of byAddress(all).values()) {
    const { method, path } = doors[0]!.endpoint
    const admissions = new WeakMap<FastifyRequest, Admission>()
    const [only] = doors
    server.route({
      method,
      url: `${root}${path}`,
      ...schemaOf(doors),
      ...(doors.some(isRead) ? { config: { readableWith: readingHeaders } } : {}),
      onRequest: async (request, reply) => {
        tellRate(reply)
        if (isDelivery(request)) letRead(reply)
        // Until whoever answers knows better: what one credential reads is for nobody else.
        void reply.header('cache-control', 'no-store')
        const { endpoint, route } = choose(doors, request)
        if (!route) {
          const named = `${endpoint.method} ${root}${endpoint.path}`
          say(reply, notFound(`${named} is not built in this version of Headgate.`))
          return reply
        }
        admissions.set(request, await admit(house, endpoint, request))
      },
      preValidation: async (request) => {
        if (only?.route?.body && request.body === undefined) request.body = {}
      },
      handler: handlerOf(house, doors, admissions),
    })
  }
}

/** What sites read, from wherever they are. */
function isRead({ endpoint: { needs } }: Mounted): boolean {
  return needs === 'delivery' || needs === 'file'
}

function byAddress(all: readonly Mounted[]): Map<string, Mounted[]> {
  const table = new Map<string, Mounted[]>()
  for (const mounted of all) {
    const { method, path, elsewhere } = mounted.endpoint
    if (elsewhere) continue
    // Parameters are told apart by their place, not by their name.
    const address = `${method} ${path.replaceAll(/:\w+/g, ':')}`
    table.set(address, [...(table.get(address) ?? []), mounted])
  }
  return table
}

/** The door a request knocks at. A delivery token at a door that only manages is not let in. */
function choose(doors: readonly Mounted[], request: FastifyRequest): Mounted {
  const delivers = isDelivery(request)
  const meant = doors.filter(({ endpoint }) => (endpoint.needs === 'delivery') === delivers)
  // One address names a stack, or lists a person's where no key names one.
  const keyed = header(request, 'api_key') === undefined ? 'user' : 'stack'
  const found = meant.find(({ endpoint }) => endpoint.needs === keyed) ?? meant[0]
  if (found) return found
  const [other] = doors
  if (other && (other.endpoint.needs === 'nothing' || other.endpoint.needs === 'file' || !other.route))
    return other
  throw new DomainError('unauthenticated', { credential: 'token' })
}

function handlerOf(
  house: House,
  doors: readonly Mounted[],
  admissions: WeakMap<FastifyRequest, Admission>,
): RouteHandlerMethod {
  return async (request, reply) => {
    const route = choose(doors, request).route as unknown as Route<StackCall>
    const admitted = admissions.get(request)
    const call: OpenCall & Admission = {
      ctx: admitted?.ctx,
      project_id: admitted?.project_id,
      api_key: admitted?.api_key,
      branch: admitted?.branch,
      token: admitted?.token,
      house,
      params: request.params as Record<string, string>,
      query: request.query as OpenCall['query'],
      request,
      reply,
    }
    reply.status(route.status)
    return route.handle(call as StackCall)
  }
}

function schemaOf(doors: readonly Mounted[]): { schema?: object } {
  const [first, second] = doors
  if (!first?.route || second) return {}
  const { body, answer, status } = first.route
  return { schema: { ...(body ? { body } : {}), ...(answer ? { response: { [status]: answer } } : {}) } }
}
