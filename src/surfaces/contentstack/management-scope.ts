import type { TokenView } from '#app/identity/token-view.ts'
import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'
import type { Action } from '#domain/roles.ts'
import type { Endpoint, Module } from './endpoints/endpoint.ts'
import type { TokenScope } from './wire.ts'

/** The vendor's scope of a token as it was given, kept beside ours: it tells modules apart where we have one right. */
export const scopeWord = 'contentstack/scope'

/** What no token does without: its project, its languages and types, and what is live. */
const base: readonly Action[] = ['project.read', 'catalogue.read', 'live.read']

interface Rights {
  read: readonly Action[]
  write: readonly Action[]
}

const none: Rights = { read: [], write: [] }
const writing: Rights = { read: [], write: ['catalogue.edit'] }
const publishing: Rights = {
  read: ['deployment.read'],
  write: ['catalogue.edit', 'deployment.request', 'deployment.cancel_own'],
}

/**
 * What each module means in our rights (section 1.4). None gives the stack itself, other tokens, approving or the
 * setting aside of a gate. Hooks carry what they are called with, so that who only reads does not see them.
 */
const rights: { readonly [M in Module]: Rights } = {
  asset: publishing,
  entry: publishing,
  content_type: writing,
  global_field: writing,
  label: writing,
  locale: writing,
  branch: { read: [], write: ['catalogue.edit', 'branch.admin'] },
  environment: { read: [], write: ['environment.admin'] },
  release: {
    read: ['release.read', 'deployment.read'],
    write: [
      ...(['release.edit', 'release.lock', 'release.unlock', 'release.clone'] as const),
      ...(['deployment.request', 'deployment.cancel_own'] as const),
    ],
  },
  publish_queue: { read: ['deployment.read'], write: ['deployment.cancel_own'] },
  webhook: { read: [], write: ['webhook.admin'] },
  workflow: none,
  role: none,
  audit_logs: none,
  stack: none,
  token: none,
}

const every = '$all'
const modules = Object.keys(rights) as Module[]

/** Rights that are more than any one module, with the modules that make up all of what they are elsewhere. */
const wider: { readonly [action in Action]?: readonly Module[] } = {
  'catalogue.edit': ['asset', 'content_type', 'entry', 'locale'],
  'deployment.request': ['release'],
}

/**
 * What a management token with this scope holds: at our other doors, which know no modules, only what its modules cover
 * whole. What it may at this one, where each request is held to its module, is `managementActions`.
 */
export function heldActions(scope: TokenScope): Action[] {
  return managementActions(scope).filter(
    (action) => wider[action]?.every((module) => grants(scope, module, 'write')) ?? true,
  )
}

/** Who manages with a token, with all that its scope means at this door. */
export function asManager(token: TokenView, principal: Principal): Principal {
  const scope = token.annotations[scopeWord]
  if (token.kind !== 'service' || !Array.isArray(scope)) return principal
  return { ...principal, scopes: managementActions(scope as unknown as TokenScope) }
}

/** Our rights of a management token with this scope. */
export function managementActions(scope: TokenScope): Action[] {
  const actions = modules.flatMap((module) => [
    ...(grants(scope, module, 'read') ? rights[module].read : []),
    ...(grants(scope, module, 'write') ? rights[module].write : []),
  ])
  return [...new Set([...base, ...actions])]
}

/** Who may write may read; an entry without an acl reads. */
function grants(scope: TokenScope, module: Module, access: 'read' | 'write'): boolean {
  return scope.some(({ module: named, acl = { read: true } }) => {
    if (named !== module && named !== every) return false
    return access === 'write' ? acl.write === true : acl.read === true || acl.write === true
  })
}

/**
 * Refuses what a token's own scope does not name. One without a scope in the vendor's words (declared in headgate.yaml,
 * or made by our own API) is not narrowed by modules. Throws `forbidden`.
 */
export function refuseOutOfScope(token: TokenView, endpoint: Endpoint): void {
  if (endpoint.needs !== 'stack') return
  const named = typeof endpoint.module === 'string' ? [endpoint.module] : endpoint.module
  const access = endpoint.method === 'GET' && !endpoint.writes ? 'read' : 'write'
  if (named.includes('stack') && access === 'read') return
  refuseAllBut(token, named, access)
}

/**
 * Refuses what a token may not write, where an endpoint is of several modules and the request says which of them it
 * is about. Throws `forbidden`.
 */
export function refuseWriting(token: TokenView | undefined, modules: readonly Module[]): void {
  if (token) refuseAllBut(token, modules, 'write')
}

/** The same of reading, where an answer tells of more than its endpoint's module. Throws `forbidden`. */
export function refuseReading(token: TokenView | undefined, modules: readonly Module[]): void {
  if (token) refuseAllBut(token, modules, 'read')
}

function refuseAllBut(token: TokenView, named: readonly Module[], access: 'read' | 'write'): void {
  const scope = token.annotations[scopeWord]
  if (token.kind !== 'service' || !Array.isArray(scope)) return
  if (named.some((module) => grants(scope as unknown as TokenScope, module, access))) return
  const [first] = named
  const detail =
    first === 'stack' || first === 'token'
      ? `${token.name} is a management token, which reaches neither the stack itself nor tokens: sign in for that.`
      : `The scope of ${token.name} lacks ${access} of the module ${named.join(' or ')}.`
  throw new DomainError('forbidden', { action: `${first}:${access}`, detail })
}

/** Modules whose things lie on a branch; the others are the whole stack's. */
const branched: readonly Module[] = ['asset', 'content_type', 'entry', 'publish_queue', 'release']

/** Whether it matters to an endpoint which branch is asked for. */
export function isBranched(endpoint: Endpoint): boolean {
  if (endpoint.needs === 'delivery') return true
  if (endpoint.needs !== 'stack') return false
  const named = typeof endpoint.module === 'string' ? [endpoint.module] : endpoint.module
  return named.some((module) => branched.includes(module))
}
