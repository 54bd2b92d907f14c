import { DomainError } from '#domain/errors.ts'
import { verifyPassword } from '#ground/secrets.ts'
import { findUserByEmail, type UserRow } from '#store/user.ts'
import type { House } from '../context.ts'
import { identityCache } from './identity-cache.ts'
import { longestEmail, longestPassword } from './user-fields.ts'

/**
 * The user whose e-mail address and password these are. Who is unknown, disabled or without a password takes as long
 * to refuse as a wrong password. Throws `unauthenticated` or `throttled`.
 */
export async function checkPassword(
  house: House,
  { email, password }: { email: string; password: string },
): Promise<UserRow & { password_hash: string }> {
  if (email.length > longestEmail || password.length > longestPassword) throw wrong()
  const right = identityCache(house).throttle.admit(email.toLowerCase(), house.now().getTime())
  const user = await findUserByEmail(house.db, email)
  const hash = user && !user.disabled_at ? user.password_hash : null
  if (!(await verifyPassword(hash, password)) || !user || hash === null) throw wrong()
  right()
  return { ...user, password_hash: hash }
}

function wrong(): DomainError<'unauthenticated'> {
  return new DomainError('unauthenticated', { credential: 'password' })
}
