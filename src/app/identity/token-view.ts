import type { Annotations } from '#store/columns.ts'
import type { TokenRow } from '#store/token.ts'

/**
 * A session is what signing in gives; a service token acts for a user, or for a project of its own; a delivery
 * token reads what is live in some environments.
 */
export type TokenKind = 'service' | 'session' | 'delivery'

export interface TokenView {
  id: string
  kind: TokenKind
  /** Whose rights it has at most. Null: it belongs to its project alone. */
  user_id: string | null
  project_id: string | null
  environment_ids: string[] | null
  branches: string[] | null
  name: string
  description: string
  scopes: string[]
  annotations: Annotations
  expires_at: Date | null
  created_at: Date
  updated_at: Date
}

export function viewToken(row: TokenRow): TokenView {
  const { id, kind, user_id, project_id, environment_ids, branches, name, description } = row
  const { scopes, annotations, expires_at, created_at, updated_at } = row
  return {
    ...{ id, kind, user_id, project_id, environment_ids, branches, name, description },
    ...{ scopes, annotations, expires_at, created_at, updated_at },
  }
}
