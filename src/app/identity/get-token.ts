import { DomainError } from '#domain/errors.ts'
import { findToken, lockToken, type TokenRow } from '#store/token.ts'
import type { Db } from '#store/database.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewToken, type TokenView } from './token-view.ts'

export interface WhichToken {
  token_id: string
  /** Given, a token of any other project is not found. */
  project_id?: string | null
}

export async function getToken(ctx: Context, which: WhichToken): Promise<TokenView> {
  return viewToken(await requireToken(ctx, ctx.db, which, findToken))
}

/** The token's row, for somebody who may see to it; held until the transaction ends. */
export function holdToken(ctx: Context, tx: Db, which: WhichToken): Promise<TokenRow> {
  return requireToken(ctx, tx, which, lockToken)
}

/** Sessions are their users' own, and nobody else's token. */
async function requireToken(
  ctx: Context,
  db: Db,
  { token_id, project_id }: WhichToken,
  find: (db: Db, id: string) => Promise<TokenRow | undefined>,
): Promise<TokenRow> {
  // Asked before it is looked for: who may not see tokens learns nothing of which there are.
  if (project_id !== undefined) authorize(ctx, 'token.admin', { project_id })
  const row = await find(db, token_id)
  if (!row || row.kind === 'session' || (project_id !== undefined && row.project_id !== project_id)) {
    if (project_id === undefined) authorize(ctx, 'token.admin')
    throw new DomainError('not_found', { what: 'token', id: token_id })
  }
  authorize(ctx, 'token.admin', { project_id: row.project_id })
  return row
}
