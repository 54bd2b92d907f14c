import { DomainError } from '#domain/errors.ts'
import { findUser } from '#store/user.ts'
import type { Context } from '../context.ts'
import { viewUser, type UserView } from './user-view.ts'

/** Who is asking. Throws `forbidden` for a token that belongs to nobody. */
export async function currentUser(ctx: Context): Promise<UserView> {
  const id = ctx.principal?.user_id
  const row = id ? await findUser(ctx.db, id) : undefined
  if (row) return viewUser(ctx.db, row)
  throw new DomainError('forbidden', { action: 'user.read', detail: 'This token belongs to no user.' })
}
