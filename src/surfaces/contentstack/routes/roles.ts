import { listProjectPeople } from '#app/projects/list-project-people.ts'
import { DomainError } from '#domain/errors.ts'
import { roles as all } from '#domain/roles.ts'
import type { roles } from '../endpoints/roles.ts'
import { uidsOfEach } from '../names.ts'
import { flag, page } from '../query.ts'
import { reads, type Routes, type StackCall } from '../route.ts'
import { writeRole } from '../translate/role.ts'

/** Headgate's four roles, each with who holds it here. */
export const roleRoutes: Routes<typeof roles> = {
  list: reads(async (call: StackCall) => {
    const answers = await answerRoles(call)
    if (flag(call.query, 'count')) return { roles: answers.length }
    const { limit, offset } = page(call.query)
    const counted = flag(call.query, 'include_count') ? { count: answers.length } : {}
    return { roles: answers.slice(offset, offset + limit), ...counted }
  }),

  get: reads(async (call: StackCall) => {
    const uid = call.params.role ?? ''
    const role = (await answerRoles(call)).find((one) => one.uid === uid)
    if (!role) throw new DomainError('not_found', { what: 'role', id: uid })
    return { role }
  }),
}

async function answerRoles({ ctx, project_id, api_key }: StackCall) {
  const people = await listProjectPeople(ctx, { project_id })
  const uids = await uidsOfEach(ctx, 'user', people)
  return all.map((role) => {
    const holders = people.filter(({ roles }) => roles.includes(role))
    return writeRole(
      api_key,
      role,
      holders.flatMap(({ id }) => uids(id) ?? []),
    )
  })
}
