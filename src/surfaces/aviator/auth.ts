import type { FastifyRequest } from 'fastify'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { DomainError } from '#domain/errors.ts'

/**
 * Who asks, by `Authorization: Bearer` with a token of ours (section 2): a user's token acts as that user, one that
 * belongs to nobody is what the vendor calls an account's. Throws `unauthenticated`.
 */
export async function admit(house: House, { headers }: FastifyRequest): Promise<Context> {
  const { authorization } = headers
  if (authorization === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  const [, secret] = /^bearer +(\S+)\s*$/i.exec(authorization) ?? []
  if (!secret) throw new DomainError('unauthenticated', { credential: 'token' })
  return asPrincipal(house, await principalOf(house, secret))
}
