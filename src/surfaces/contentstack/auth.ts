import type { FastifyRequest } from 'fastify'
import { resolveBranch } from '#app/content/resolve-branch.ts'
import { findCredential, type Credential } from '#app/identity/credential-of.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'
import type { TokenView } from '#app/identity/token-view.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { surface } from './ids.ts'
import { asManager, isBranched, refuseOutOfScope } from './management-scope.ts'

/** Who asks, and for which stack; empty where the endpoint asks for neither. */
export interface Admission {
  ctx?: Context
  project_id?: string
  api_key?: string
  /** The branch's own uid, also where the request named an alias. */
  branch?: string
  /** What a stack is managed with. */
  token?: TokenView
}

const main = 'main'

/** Whether a request speaks to the delivery API: the same addresses, told apart by their credential (section 9). */
export function isDelivery({ headers }: FastifyRequest): boolean {
  const token = headers['access_token'] ?? headers['preview_token']
  return Boolean(token) && !headers['authtoken'] && !headers['authorization']
}

/**
 * Lets a request in by what its endpoint needs and by what its credential may do here (section 1.4). Throws
 * `unauthenticated`, `forbidden`, and `not_found` for a branch that is none.
 */
export async function admit(house: House, endpoint: Endpoint, request: FastifyRequest): Promise<Admission> {
  const { needs } = endpoint
  if (needs === 'nothing' || needs === 'file') return {}
  if (needs === 'user') return { ctx: asPrincipal(house, await personOf(house, request)) }
  const stack = await stackOf(house, request)
  const { principal, token } =
    needs === 'delivery'
      ? { principal: await readerOf(house, request) }
      : await stackManagerOf(house, endpoint, request)
  const ctx = boundTo(stack.project_id, asPrincipal(house, principal))
  const named = header(request, 'branch')
  // What is the whole stack's can be reached from a branch that is not there: to make it, say.
  if (!isBranched(endpoint)) {
    const branch = await resolveBranch(house, { project_id: stack.project_id, name: named ?? main })
    return { ctx, ...stack, branch: branch ?? main, ...(token ? { token } : {}) }
  }
  const branch = await namedBranch(house, stack.project_id, named)
  refuseBranch(principal, branch)
  return { ctx, ...stack, branch, ...(token ? { token } : {}) }
}

/** Not every use-case would notice, and none would say so plainly. Throws `forbidden`. */
function refuseBranch({ name, branches }: Principal, branch: string): void {
  if (branches === null || branches.includes(branch)) return
  const reached = branches.length > 0 ? branches.join(', ') : 'none'
  const detail = `${name} is bound to branches (${reached}) and does not reach ${branch}.`
  throw new DomainError('forbidden', { action: 'branch:read', detail })
}

/** The uid of the branch that a request names, by its own name or an alias; `main` where it names none. Throws `not_found`. */
export async function namedBranch(house: House, project_id: string, name = main): Promise<string> {
  if (name === main) return main
  const uid = await resolveBranch(house, { project_id, name })
  if (uid === undefined) throw new DomainError('not_found', { what: 'branch', id: name })
  return uid
}

async function stackManagerOf(
  house: House,
  endpoint: Endpoint,
  request: FastifyRequest,
): Promise<{ principal: Principal; token?: TokenView }> {
  const { token, principal } = await credentialOf(house, request)
  refuseOutOfScope(token, endpoint)
  return { principal: asManager(token, principal), token }
}

/** As `admit` for a stack, where the stack is named in the address. Undefined without a credential. */
export async function admitTo(
  project_id: string,
  house: House,
  request: FastifyRequest,
): Promise<Context | undefined> {
  if (!header(request, 'authtoken') && !header(request, 'authorization')) return undefined
  const { principal } = await credentialOf(house, request)
  return boundTo(project_id, asPrincipal(house, principal))
}

/** A token of one stack opens no other. */
function boundTo(project_id: string, ctx: Context): Context {
  const bound = ctx.principal?.project_id ?? null
  if (bound === null || bound === project_id) return ctx
  throw new DomainError('unauthenticated', { credential: 'token' })
}

async function stackOf(
  house: House,
  request: FastifyRequest,
): Promise<{ project_id: string; api_key: string }> {
  const api_key = header(request, 'api_key')
  const project_id = api_key && (await resolveExternal(house, surface, 'stack', api_key))
  if (!api_key || !project_id) throw new DomainError('unauthenticated', { credential: 'project_key' })
  return { project_id, api_key }
}

function readerOf(house: House, request: FastifyRequest): Promise<Principal> {
  return principalOf(house, header(request, 'access_token') ?? header(request, 'preview_token') ?? '', [
    'delivery',
  ])
}

/** A management token in `authorization` comes before an authtoken, as it does in the SDK. */
async function credentialOf(house: House, request: FastifyRequest): Promise<Credential> {
  const authorization = header(request, 'authorization')?.replace(/^bearer\s+/i, '')
  const secret = authorization ?? header(request, 'authtoken')
  if (secret === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  const credential = await findCredential(house, secret)
  if (credential?.kind === 'service' || credential?.kind === 'session') return credential
  throw new DomainError('unauthenticated', { credential: 'token' })
}

/** Endpoints outside a stack want a person, or what acts for one, that is not bound to one stack. */
async function personOf(house: House, request: FastifyRequest): Promise<Principal> {
  const { principal } = await credentialOf(house, request)
  if (principal.project_id === null && principal.user_id !== null) return principal
  throw new DomainError('unauthenticated', { credential: 'token' })
}

/** A header's one value; an empty one counts as none. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  const first = Array.isArray(value) ? value[0] : value
  return first === undefined || first === '' ? undefined : first
}
