import { DomainError } from '#domain/errors.ts'
import { findUser } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewUser, type UserView } from './user-view.ts'

/** Everybody may see to themselves. Throws `not_found`. */
export async function getUser(ctx: Context, { user_id }: { user_id: string }): Promise<UserView> {
  if (ctx.principal?.user_id !== user_id) authorize(ctx, 'user.admin')
  const row = await findUser(ctx.db, user_id)
  if (!row) throw new DomainError('not_found', { what: 'user', id: user_id })
  return viewUser(ctx.db, row)
}
