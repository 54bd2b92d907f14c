import type { Principal } from '#domain/principal.ts'
import { sha256 } from '#ground/secrets.ts'
import { meantBranches } from '#store/content-branch-alias.ts'
import { findTokenBySecret } from '#store/token.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'
import { tokenPrincipal } from './token-principal.ts'
import { viewToken, type TokenKind, type TokenView } from './token-view.ts'

export interface Credential {
  kind: TokenKind
  principal: Principal
  token: TokenView
}

/**
 * What this secret opens, or undefined where it opens nothing: unknown, expired, or its user disabled. Remembered,
 * see Memory; a token that expires meanwhile is not taken any more.
 */
export async function findCredential(house: House, secret: string): Promise<Credential | undefined> {
  const digest = sha256(secret)
  const now = house.now()
  const found = await memoryOf(house).recall(`token ${digest.toString('base64')}`, now.getTime(), () =>
    load(house, digest),
  )
  const expires = found?.token.expires_at
  return expires && expires <= now ? undefined : found
}

async function load(house: House, digest: Buffer): Promise<Credential | undefined> {
  const row = await findTokenBySecret(house.db, digest)
  if (!row || row.disabled_at) return undefined
  const known = viewToken(row)
  // The second secret opens one thing more.
  const token = row.by_preview_secret ? { ...known, scopes: [...known.scopes, 'release.preview'] } : known
  const { project_id, branches } = token
  // A token that is bound to an alias reaches the branch that the alias means at the time.
  const meant = project_id && branches ? await meantBranches(house.db, project_id, branches) : branches
  const owner =
    row.email === null ? null : { email: row.email, agent: row.agent ?? false, grants: row.grants }
  return { kind: token.kind, token, principal: tokenPrincipal({ ...token, branches: meant }, owner) }
}
