import type { FastifyRequest } from 'fastify'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { principalByBasic, readBasic } from '#app/identity/principal-by-basic.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'

const callers = new WeakMap<FastifyRequest, Context>()

/** The house as whoever sent the request finds it. Known on every route that is not public. */
export function callerOf(request: FastifyRequest): Context {
  const caller = callers.get(request)
  if (!caller) throw new Error(`${request.routeOptions.url} asks who calls, but is public`)
  return caller
}

/** From here on the request acts as `caller`: the same principal, carrying something more. */
export function actAs(request: FastifyRequest, caller: Context): void {
  callers.set(request, caller)
}

/** Finds out who calls, before the body is read. Throws `unauthenticated` or `throttled`. */
export async function identify(house: House, request: FastifyRequest): Promise<void> {
  callers.set(request, asPrincipal(house, await principalFrom(house, request.headers.authorization)))
}

/** Finds out anew, for an answer that goes on: what was known then may no longer be so. Throws as `identify`. */
export async function identifyAgain(house: House, { headers }: FastifyRequest): Promise<Context> {
  return asPrincipal(house, await principalFrom(house, headers.authorization))
}

function principalFrom(house: House, header: string | undefined): Promise<Principal> {
  if (header === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  const basic = readBasic(header)
  if (basic) return principalByBasic(house, basic)
  const [, bearer] = /^bearer +(\S+)\s*$/i.exec(header) ?? []
  if (!bearer) throw new DomainError('unauthenticated', { credential: 'token' })
  return principalOf(house, bearer)
}
