import { listUsersById } from '#store/user.ts'
import type { Context } from '../context.ts'

/**
 * The e-mail addresses of users, by their ids: who made or asked for something that the caller was shown. The caller
 * has been authorised for that.
 */
export async function listEmails(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = ids.length === 0 ? [] : await listUsersById(ctx.db, ids)
  return new Map(rows.map(({ id, email }) => [id, email]))
}
