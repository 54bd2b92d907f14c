import type { FastifyRequest } from 'fastify'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { principalByBasic, readBasic } from '#app/identity/principal-by-basic.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { DomainError } from '#domain/errors.ts'

/**
 * Who asks: by Basic, with a login e-mail and a personal token or a password (section 2.1), or by bearer with a token.
 * Throws `unauthenticated`, `throttled`.
 */
export async function admit(house: House, { headers }: FastifyRequest): Promise<Context> {
  const { authorization } = headers
  if (authorization === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  const basic = readBasic(authorization)
  if (basic) return asPrincipal(house, await principalByBasic(house, basic))
  const [, secret] = /^bearer +(\S+)\s*$/i.exec(authorization) ?? []
  if (!secret) throw new DomainError('unauthenticated', { credential: 'token' })
  return asPrincipal(house, await principalOf(house, secret))
}
