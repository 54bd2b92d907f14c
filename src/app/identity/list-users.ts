import { listUsers as listRows } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewUsers, type UserView } from './user-view.ts'

/** Oldest first, after `after`. */
export async function listUsers(ctx: Context, page: { limit: number; after?: string }): Promise<UserView[]> {
  authorize(ctx, 'user.admin')
  return viewUsers(ctx.db, await listRows(ctx.db, page))
}
