import { isDomainError } from '#domain/errors.ts'
import { findAnyUser } from '#store/user.ts'
import { hashPassword, makeSecret as makeRandom } from '#ground/secrets.ts'
import { asPrincipal, transact, type House } from '../context.ts'
import { createTokenIn } from './create-token.ts'
import { createUserIn } from './create-user.ts'

export interface FirstCredentials {
  email: string
  password: string
  /** A token of this admin with all scopes. */
  token: string
}

const email = 'admin@localhost'

/** Where there is no user yet: an admin and a token, told here and nowhere else. */
export async function firstStart(house: House): Promise<FirstCredentials | undefined> {
  if (await findAnyUser(house.db)) return undefined
  const ctx = asPrincipal(house, null)
  const password = makeRandom(12)
  const password_hash = await hashPassword(password)
  const made = transact(ctx, async (unit) => {
    const grants = [{ project_id: null, role: 'admin' as const }]
    const admin = await createUserIn(ctx, unit, { email, name: 'Admin', password_hash, grants })
    const token = { kind: 'service' as const, user_id: admin.id, name: 'first token', scopes: ['*'] }
    const { secret } = await createTokenIn(ctx, unit, token)
    return { email, password, token: secret }
  })
  // Of several processes that start at once, the unique e-mail address lets one be first.
  return made.catch((error: unknown) => {
    if (isDomainError(error, 'already_exists')) return undefined
    throw error
  })
}
