import type { Principal } from '#domain/principal.ts'
import { sha256 } from '#ground/secrets.ts'
import { insertToken, removeSessions } from '#store/token.ts'
import { lockUser } from '#store/user.ts'
import { DomainError } from '#domain/errors.ts'
import { asPrincipal, transact, type House } from '../context.ts'
import { checkPassword } from './check-password.ts'
import { makeSecret, type SecretShape } from './make-secret.ts'
import { tokenPrincipal } from './token-principal.ts'
import { viewToken, type TokenView } from './token-view.ts'
import { viewUser, type UserView } from './user-view.ts'

const mostSessions = 20

export interface SignedIn {
  /** What the client sends from now on. */
  secret: string
  user: UserView
  token: TokenView
  principal: Principal
}

/**
 * Opens a session. It ends when it is signed out, when the password changes, or when twenty newer ones were opened.
 * Throws `unauthenticated` or `throttled`.
 */
export async function signIn(
  house: House,
  { email, password, secret_shape }: { email: string; password: string; secret_shape?: SecretShape },
): Promise<SignedIn> {
  const row = await checkPassword(house, { email, password })
  const user = await viewUser(house.db, row)
  const secret = makeSecret(secret_shape)
  const at = house.now()
  const session: TokenView = {
    ...{ id: house.newId(), kind: 'session', user_id: user.id, project_id: null, environment_ids: null },
    ...{ branches: null, name: 'session', description: '', scopes: ['*'], annotations: {} },
    ...{ expires_at: null, created_at: at, updated_at: at },
  }
  const principal = tokenPrincipal(session, user)
  const token = await transact(asPrincipal(house, principal), async ({ tx, record }) => {
    // Held, so that two who sign in at once do not each leave twenty; and looked at again, for the password took
    // a while to check and may have been changed meanwhile.
    const held = await lockUser(tx, user.id)
    if (!held || held.disabled_at || held.password_hash !== row.password_hash)
      throw new DomainError('unauthenticated', { credential: 'password' })
    const made = await insertToken(tx, { ...session, annotations: '{}', secret_sha256: sha256(secret) })
    if (!made) throw new Error('a random secret was there before')
    const ended = await removeSessions(tx, user.id, mostSessions)
    record({ kind: 'user.signed_in', subject_id: user.id, data: { session_id: session.id } })
    if (ended.length > 0)
      record({
        kind: 'user.sessions_ended',
        subject_id: user.id,
        data: { session_ids: ended, because: 'newer sessions' },
      })
    return viewToken(made)
  })
  return { secret, user, token, principal }
}
