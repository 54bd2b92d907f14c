import type { Principal } from '#domain/principal.ts'
import type { TokenView } from './token-view.ts'
import type { Grant } from './user-view.ts'

/** Whom a token belongs to, as far as it matters for what it may do. */
export interface TokenOwner {
  email: string
  agent: boolean
  grants: readonly Grant[]
}

/** Who acts with a token. What the token says can only narrow what its user may. */
export function tokenPrincipal(token: TokenView, owner: TokenOwner | null): Principal {
  const { id, project_id, environment_ids, branches } = token
  const narrowed = { token_id: id, project_id, environment_ids, branches }
  if (token.kind === 'delivery' || owner === null) {
    // It belongs to its project: a delivery token reads there, a service token does what its scopes say.
    const role = token.kind === 'delivery' ? 'viewer' : 'admin'
    const grants: Grant[] = project_id === null ? [] : [{ project_id, role }]
    return { kind: 'service', user_id: null, name: token.name, grants, scopes: token.scopes, ...narrowed }
  }
  return {
    kind: owner.agent ? 'agent' : token.kind === 'service' ? 'service' : 'user',
    user_id: token.user_id,
    name: token.kind === 'session' ? owner.email : `${token.name} (${owner.email})`,
    grants: [...owner.grants],
    scopes: token.scopes,
    ...narrowed,
  }
}
