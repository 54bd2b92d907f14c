export const roles = ['viewer', 'releaser', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]

const everyone = roles
const releasers = ['releaser', 'admin'] as const
const approvers = ['approver', 'admin'] as const
const admins = ['admin'] as const

/** Who may do what: the table of model.md. The names are the scopes that a token can be narrowed to. */
export const actions = {
  'project.read': everyone,
  'catalogue.read': everyone,
  'release.read': everyone,
  'deployment.read': everyone,
  'run.read': everyone,
  'live.read': everyone,
  'release.preview': everyone,
  'event.read': everyone,
  'catalogue.edit': releasers,
  'release.edit': releasers,
  'release.lock': releasers,
  'release.clone': releasers,
  'deployment.request': releasers,
  'deployment.cancel_own': releasers,
  'run.request': releasers,
  'run.cancel_own': releasers,
  'deployment.roll_back': releasers,
  'freeze.set': releasers,
  'artifact.register': releasers,
  'override.edit': releasers,
  'schedule.edit': releasers,
  'drift.ignore': releasers,
  'deployment.allow_destroy': releasers,
  // A state holds secrets: whoever reads it is somebody who may change what it describes.
  'state.read': releasers,
  'state.write': releasers,
  'deployment.approve': approvers,
  'deployment.sign_off': approvers,
  'state.unlock': approvers,
  'deployment.reject': approvers,
  'release.unlock': approvers,
  'hold.release': approvers,
  'freeze.lift': approvers,
  'gate.override': approvers,
  'deployment.cancel_any': approvers,
  'run.cancel_any': approvers,
  'project.admin': admins,
  'environment.admin': admins,
  'branch.admin': admins,
  'token.admin': admins,
  'user.admin': admins,
  'webhook.admin': admins,
  'backup.make': admins,
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof actions

export const actionNames = Object.keys(actions) as Action[]

/** What an agent never does, whatever its roles: it can neither wave through nor set aside. */
const neverByAgents: readonly Action[] = ['deployment.approve', 'gate.override']

/** Whether any of these roles covers the action. Roles add up. */
export function rolesAllow(held: Iterable<Role>, action: Action): boolean {
  const needed: readonly Role[] = actions[action]
  for (const role of held) if (needed.includes(role)) return true
  return false
}

/** A scope is an action, or `*` for all, or `noun.*` for all of a noun. */
export function scopesAllow(scopes: readonly string[], action: Action): boolean {
  const noun = action.slice(0, action.indexOf('.'))
  return scopes.includes('*') || scopes.includes(action) || scopes.includes(`${noun}.*`)
}

export function isScope(text: string): boolean {
  return text === '*' || actionNames.some((action) => scopesAllow([text], action))
}

export function agentMay(action: Action): boolean {
  return !neverByAgents.includes(action)
}
