import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { findToken } from '#store/token.ts'
import { findUser } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { refuseWider } from './refuse-wider.ts'
import { tokenPrincipal, type TokenOwner } from './token-principal.ts'
import type { TokenView } from './token-view.ts'
import { viewUser } from './user-view.ts'

/**
 * Whether the context may make a token such as this, or of `before` this. Throws `forbidden` where the token would
 * be able to do what its maker may not, speak for somebody else, or outlive its maker; `not_found` for its user.
 */
export async function allowToken(ctx: Context, db: Db, token: TokenView, before?: TokenView): Promise<void> {
  const owner = await findOwner(db, token.user_id)
  const maker = ctx.principal
  if (maker === null) return
  const another = token.user_id !== (before ? before.user_id : maker.user_id)
  if (another && token.user_id !== null) authorize(ctx, 'user.admin')
  refuseWider(maker, tokenPrincipal(token, owner))
  const own = maker.token_id ? await findToken(db, maker.token_id) : undefined
  if (own?.expires_at && (token.expires_at === null || token.expires_at > own.expires_at)) {
    const detail = `${maker.name} may not make a token that outlives it.`
    throw new DomainError('forbidden', { action: 'token.admin', detail })
  }
}

/** The user a token belongs to; null for one that belongs to nobody. */
async function findOwner(db: Db, userId: string | null): Promise<TokenOwner | null> {
  if (userId === null) return null
  const row = await findUser(db, userId)
  if (!row) throw new DomainError('not_found', { what: 'user', id: userId })
  return viewUser(db, row)
}
