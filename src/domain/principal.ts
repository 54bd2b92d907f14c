import { agentMay, rolesAllow, scopesAllow, type Action, type Role } from './roles.ts'

/** Who acts: a user, a token (its user's, or a service of its own) or an agent. */
export interface Principal {
  kind: 'user' | 'service' | 'agent'
  /** The author of what is done. A service token that belongs to nobody has none. */
  user_id: string | null
  token_id: string | null
  /** For the audit: an e-mail address, or a token's name. */
  name: string
  /** A grant without a project holds on the whole instance. */
  grants: { project_id: string | null; role: Role }[]
  /** Scopes narrow the roles. */
  scopes: string[]
  /** A token bound to a project reaches nothing else. */
  project_id: string | null
  /** A token bound to environments reaches no other one. */
  environment_ids: string[] | null
  branches: string[] | null
}

/** What an action is done to. Without a project it is done to the instance. */
export interface Target {
  project_id?: string | null
  environment_id?: string
  branch?: string
}

/** Whether `principal` may do `action` to `target`: roles add up, tokens narrow, agents are kept from waving through. */
export function may(principal: Principal, action: Action, target: Target): boolean {
  const project = target.project_id ?? null
  if (principal.project_id !== null && principal.project_id !== project) return false
  if (
    target.environment_id &&
    principal.environment_ids &&
    !principal.environment_ids.includes(target.environment_id)
  )
    return false
  if (target.branch && principal.branches && !principal.branches.includes(target.branch)) return false
  if (!scopesAllow(principal.scopes, action)) return false
  if (principal.kind === 'agent' && !agentMay(action)) return false
  const held = principal.grants.filter((grant) => grant.project_id === null || grant.project_id === project)
  return rolesAllow(
    held.map((grant) => grant.role),
    action,
  )
}
