import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Context, House } from '#app/context.ts'
import type { EndpointTable } from './endpoints/endpoint.ts'

/** A request whose sender is known. */
export interface Call {
  ctx: Context
  house: House
  /** Percent-decoded; what they name is told apart by case (section 2). */
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, unknown>>
  /** An object, empty where there was no body; unknown keys are left alone (section 2.3). */
  body: Readonly<Record<string, unknown>>
  request: FastifyRequest
  reply: FastifyReply
}

/** How one endpoint answers. */
export interface Route {
  /** For the description of the API; `handle` reads the body field by field. */
  body?: TSchema
  /** Of the answer: only what it declares leaves. */
  answer: TSchema
  status: 200 | 201
  handle(call: Call): Promise<unknown>
}

/** A route for every endpoint of a table that is neither absent nor mounts itself: a missing one is a compile error. */
export type Routes<T extends EndpointTable> = {
  [K in keyof T as T[K]['state'] extends 'absent' ? never : T[K] extends { own: true } ? never : K]: Route
}
