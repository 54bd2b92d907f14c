import { currentUser } from '#app/identity/current-user.ts'
import { DomainError } from '#domain/errors.ts'
import { answerStacks } from '../answer-stacks.ts'
import type { organizations } from '../endpoints/organizations.ts'
import { flag, page } from '../query.ts'
import { reads, type Routes, type UserCall } from '../route.ts'
import { organizationRoles, writeOrganization } from '../translate/organization.ts'

/** As many lists have one element, they are all paged alike. */
function paged<T>({ query }: UserCall, resource: string, all: readonly T[]): object {
  if (flag(query, 'count')) return { [resource]: all.length }
  const { limit, offset } = page(query)
  const counted = flag(query, 'include_count') ? { count: all.length } : {}
  return { [resource]: all.slice(offset, offset + limit), ...counted }
}

export const organizationRoutes: Routes<typeof organizations> = {
  list: reads(async (call: UserCall) => paged(call, 'organizations', [await answerOrganization(call)])),

  get: reads(async (call: UserCall) => {
    requireUid(call)
    return { organization: await answerOrganization(call) }
  }),

  stacks: reads(async (call: UserCall) => {
    requireUid(call)
    return answerStacks(call)
  }),

  roles: reads(async (call: UserCall) => {
    requireUid(call)
    return paged(call, 'roles', organizationRoles)
  }),
}

/** The caller's organisation; with their roles in it where they are asked for. */
export async function answerOrganization({ ctx, query }: Pick<UserCall, 'ctx' | 'query'>) {
  const { grants, created_at } = await currentUser(ctx)
  const instance_roles = grants.filter(({ project_id }) => project_id === null).map(({ role }) => role)
  return writeOrganization({ instance_roles, since: created_at }, flag(query, 'include_orgs_roles'))
}

/** A Headgate is whatever organisation a client was set up with; what can be none is not. Throws `not_found`. */
function requireUid({ params }: UserCall): void {
  const uid = params.organization ?? ''
  if (!/^blt[0-9a-f]{16}$/.test(uid)) throw new DomainError('not_found', { what: 'organization', id: uid })
}
