import { DomainError } from '#domain/errors.ts'
import { asPrincipal, type Context, type House } from '../context.ts'
import { findCredential } from '../identity/credential-of.ts'

const feedScopes = ['deployment.read', 'project.read']

/**
 * Who subscribes to the feed with a token in its URL. URLs end up in histories and in other people's logs: only a
 * token that can do nothing but read deployments and projects is taken. Throws `unauthenticated`.
 */
export async function calendarReader(house: House, secret: string): Promise<Context> {
  const credential = await findCredential(house, secret)
  const narrow =
    credential?.kind === 'service' && credential.token.scopes.every((scope) => feedScopes.includes(scope))
  if (!credential || !narrow) throw new DomainError('unauthenticated', { credential: 'token' })
  return asPrincipal(house, credential.principal)
}
