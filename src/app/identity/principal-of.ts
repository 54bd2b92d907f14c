import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'
import type { House } from '../context.ts'
import { findCredential } from './credential-of.ts'
import type { TokenKind } from './token-view.ts'

/** Who acts with this token's secret. Throws `unauthenticated`, also for a token of another kind than is taken. */
export async function principalOf(
  house: House,
  secret: string,
  kinds: readonly TokenKind[] = ['service', 'session'],
): Promise<Principal> {
  const credential = await findCredential(house, secret)
  if (credential && kinds.includes(credential.kind)) return credential.principal
  throw new DomainError('unauthenticated', { credential: 'token' })
}
