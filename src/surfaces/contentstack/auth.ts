import type { FastifyRequest } from 'fastify'
import { getBranch } from '#app/content/get-branch.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { DomainError } from '#domain/errors.ts'
import type { Principal } from '#domain/principal.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { surface } from './ids.ts'

/** Who asks, and for which stack; empty where the endpoint asks for neither. */
export interface Admission {
  ctx?: Context
  project_id?: string
  api_key?: string
  branch?: string
}

const main = 'main'

/** Whether a request speaks to the delivery API: the same addresses, told apart by their credential (section 9). */
export function isDelivery({ headers }: FastifyRequest): boolean {
  return Boolean(headers['access_token']) && !headers['authtoken'] && !headers['authorization']
}

/** Lets a request in by what its endpoint needs (section 1.4). Throws `unauthenticated`. */
export async function admit(
  house: House,
  needs: Endpoint['needs'],
  request: FastifyRequest,
): Promise<Admission> {
  if (needs === 'nothing' || needs === 'file') return {}
  if (needs === 'user') return { ctx: asPrincipal(house, await personOf(house, request)) }
  const stack = await stackOf(house, request)
  const principal = needs === 'delivery' ? await readerOf(house, request) : await managerOf(house, request)
  const ctx = boundTo(stack.project_id, asPrincipal(house, principal))
  const branch = header(request, 'branch') ?? main
  // Not every use-case would notice; readers of what is live do, and may not ask.
  if (branch !== main && needs === 'stack')
    await getBranch(ctx, { project_id: stack.project_id, uid: branch })
  return { ctx, ...stack, branch }
}

/** As `admit` for a stack, where the stack is named in the address. Undefined without a credential. */
export async function admitTo(
  project_id: string,
  house: House,
  request: FastifyRequest,
): Promise<Context | undefined> {
  if (!header(request, 'authtoken') && !header(request, 'authorization')) return undefined
  return boundTo(project_id, asPrincipal(house, await managerOf(house, request)))
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
  return principalOf(house, header(request, 'access_token') ?? '', ['delivery'])
}

/** A management token in `authorization` comes before an authtoken, as it does in the SDK. */
function managerOf(house: House, request: FastifyRequest): Promise<Principal> {
  const authorization = header(request, 'authorization')?.replace(/^bearer\s+/i, '')
  const secret = authorization ?? header(request, 'authtoken')
  if (secret === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  return principalOf(house, secret, ['service', 'session'])
}

/** Endpoints outside a stack want a person, or what acts for one, that is not bound to one stack. */
async function personOf(house: House, request: FastifyRequest): Promise<Principal> {
  const principal = await managerOf(house, request)
  if (principal.project_id === null && principal.user_id !== null) return principal
  throw new DomainError('unauthenticated', { credential: 'token' })
}

/** A header's one value; an empty one counts as none. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  const first = Array.isArray(value) ? value[0] : value
  return first === undefined || first === '' ? undefined : first
}
