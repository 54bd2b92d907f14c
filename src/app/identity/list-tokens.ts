import { countTokens, listTokens as listRows } from '#store/token.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewToken, type TokenKind, type TokenView } from './token-view.ts'

export interface TokenList {
  /** Null: tokens bound to no project. */
  project_id: string | null
  kind?: TokenKind
  /** Only this user's. */
  user_id?: string
  limit: number
  after?: string
  offset?: number
}

/** Oldest first, never sessions. */
export async function listTokens(
  ctx: Context,
  { project_id, kind, user_id, ...page }: TokenList,
): Promise<{ tokens: TokenView[]; total: number }> {
  authorize(ctx, 'token.admin', { project_id })
  const filter = { project_id, kind, user_id }
  const [rows, total] = await Promise.all([listRows(ctx.db, filter, page), countTokens(ctx.db, filter)])
  return { tokens: rows.map(viewToken), total }
}
