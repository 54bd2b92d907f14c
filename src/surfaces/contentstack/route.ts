import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Context, House } from '#app/context.ts'
import type { TokenView } from '#app/identity/token-view.ts'
import type { Endpoint, EndpointTable } from './endpoints/endpoint.ts'
import type { Query } from './query.ts'

/** A request of an endpoint that needs no credential. */
export interface OpenCall {
  house: House
  params: Readonly<Record<string, string>>
  query: Query
  request: FastifyRequest
  reply: FastifyReply
}

/** A request of a person, outside any stack. */
export interface UserCall extends OpenCall {
  ctx: Context
}

/** A request about one stack, on one of its branches. */
export interface StackCall extends UserCall {
  project_id: string
  api_key: string
  branch: string
  /** What it is managed with; none where it is read. */
  token?: TokenView
}

/** What an endpoint's handler is handed, by what the endpoint needs. */
export type CallFor<N extends Endpoint['needs']> = N extends 'stack' | 'delivery'
  ? StackCall
  : N extends 'user'
    ? UserCall
    : OpenCall

/** How one endpoint answers. The body, where there is a schema, has been checked against it. */
export interface Route<C extends OpenCall = never> {
  body?: TSchema
  /** Of the answer: only what it declares leaves. Left out where the fields are the customer's own. */
  answer?: TSchema
  status: 200 | 201
  handle(call: C): Promise<unknown>
}

/** A handler for every endpoint of a table that is not absent: a missing one is a compile error. */
export type Routes<T extends EndpointTable> = {
  [K in keyof T as T[K]['state'] extends 'absent' ? never : K]: Route<CallFor<T[K]['needs']>>
}

/** Asks for nothing in the body. */
export function reads<C extends OpenCall>(handle: (call: C) => Promise<object>): Route<C> {
  return { status: 200, handle }
}

/** Takes a body. */
export function takes<C extends OpenCall, S extends TSchema>(
  body: S,
  handle: (call: C, body: Static<S>) => Promise<object>,
): Route<C> {
  return { body, status: 200, handle: (call) => handle(call, call.request.body as Static<S>) }
}

/** As `takes`, and answers 201: something was made (section 0, 2). */
export function makes<C extends OpenCall, S extends TSchema>(
  body: S,
  handle: (call: C, body: Static<S>) => Promise<object>,
): Route<C> {
  return { ...takes(body, handle), status: 201 }
}

/** Answers 201 to what takes no JSON. */
export function created<C extends OpenCall>(route: Route<C>): Route<C> {
  return { ...route, status: 201 }
}

/** Says what leaves: what `answer` does not declare stays inside. */
export function answering<C extends OpenCall>(answer: TSchema, route: Route<C>): Route<C> {
  return { ...route, answer }
}
