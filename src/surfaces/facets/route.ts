import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Context, House } from '#app/context.ts'
import type { EndpointTable } from './endpoints/endpoint.ts'

/** A request whose sender is known. */
export interface Call {
  ctx: Context
  house: House
  /** Percent-decoded. */
  params: Readonly<Record<string, string>>
  /** Read it by `read-query.ts`: clients write booleans in several ways (section 2.7). */
  query: Readonly<Record<string, unknown>>
  /** Whatever JSON was sent, undefined where nothing was; read it by `read-body.ts`. */
  body: unknown
  request: FastifyRequest
  reply: FastifyReply
}

/** How one endpoint answers. The status is always 200. */
export interface Route {
  /** For the description of the API; `handle` reads the body field by field. */
  body?: TSchema
  /** The same of the parameters of the query, by name. */
  query?: Readonly<Record<string, TSchema>>
  /**
   * Of the answer: only what it declares leaves. A text is sent as JSON, like anything else; `nothing` is an empty
   * answer, and `raw` is sent as the handler made it: a stream, say.
   */
  answer: TSchema | 'nothing' | 'raw'
  handle(call: Call): Promise<unknown>
}

/** A route for every endpoint of a table that is neither absent nor mounts itself: a missing one is a compile error. */
export type Routes<T extends EndpointTable> = {
  [K in keyof T as T[K]['state'] extends 'absent' ? never : T[K] extends { own: true } ? never : K]: Route
}
