import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'
import { findUser, type UserRow } from '#store/user.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'
import { checkPassword } from './check-password.ts'
import { findCredential } from './credential-of.ts'
import { identityCache } from './identity-cache.ts'
import { viewUser, type UserView } from './user-view.ts'

export interface Basic {
  user: string
  password: string
}

/**
 * Who acts with Basic credentials: the password is a token's secret, whatever the user's name then is, or it is the
 * user's password. A right password is remembered for a minute. Throws `unauthenticated` or `throttled`.
 */
export async function principalByBasic(house: House, { user, password }: Basic): Promise<Principal> {
  const credential = await findCredential(house, password)
  if (credential) {
    if (credential.kind !== 'delivery') return credential.principal
    throw new DomainError('unauthenticated', { credential: 'token' })
  }
  const email = user.toLowerCase()
  const { passwords } = identityCache(house)
  const remembered = passwords.find(email, password, house.now().getTime())
  if (remembered) {
    const known = await loadUser(house, remembered.user_id)
    // Kept only as long as the stored hash is the one that it matched.
    if (known?.row.password_hash === remembered.password_hash) return principalFor(known.view)
  }
  const row = await checkPassword(house, { email: user, password })
  const { id: user_id, password_hash } = row
  passwords.keep(email, password, { user_id, password_hash }, house.now().getTime())
  return principalFor(await viewUser(house.db, row))
}

function loadUser(house: House, id: string): Promise<{ row: UserRow; view: UserView } | undefined> {
  return memoryOf(house).recall(`user ${id}`, house.now().getTime(), async () => {
    const row = await findUser(house.db, id)
    return row && !row.disabled_at ? { row, view: await viewUser(house.db, row) } : undefined
  })
}

function principalFor({ id, email, agent, grants }: UserView): Principal {
  return {
    ...{ kind: agent ? 'agent' : 'user', user_id: id, token_id: null, name: email, grants, scopes: ['*'] },
    ...{ project_id: null, environment_ids: null, branches: null },
  }
}

/** The parts of an `authorization: Basic …` header, or undefined when it is none. */
export function readBasic(header: string): Basic | undefined {
  const [, encoded] = /^basic +([a-z0-9+/_-]+=*)$/i.exec(header.trim()) ?? []
  if (!encoded) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 || text.includes('\0')
    ? undefined
    : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
