import { DomainError } from '#domain/errors.ts'
import { may, type Principal } from '#domain/principal.ts'
import { actionNames } from '#domain/roles.ts'

/** What a new or changed token or user would be able to do. */
export type Reach = Pick<
  Principal,
  'kind' | 'grants' | 'scopes' | 'project_id' | 'environment_ids' | 'branches'
>

/**
 * Nobody hands out more than they have themselves: whatever `wanted` may do, its maker may do too. Headgate itself
 * (null) may hand out anything. Throws `forbidden` with the first action that is too much.
 */
export function refuseWider(maker: Principal | null, wanted: Reach): void {
  if (maker === null) return
  const refuse = (action: string, what: string): never => {
    const detail = `${maker.name} may not give what it does not have itself: ${what}.`
    throw new DomainError('forbidden', { action, detail })
  }
  if (maker.project_id !== null && wanted.project_id !== maker.project_id)
    refuse('token.admin', 'reach beyond its project')
  if (!within(wanted.environment_ids, maker.environment_ids))
    refuse('token.admin', 'reach beyond its environments')
  if (!within(wanted.branches, maker.branches)) refuse('token.admin', 'reach beyond its branches')

  const asked: Principal = { ...wanted, user_id: null, token_id: null, name: 'wanted' }
  // Where it could act at all: on the instance, and on every project that either has a role in.
  const projects = wanted.project_id
    ? [wanted.project_id]
    : [null, ...wanted.grants.map((grant) => grant.project_id)]
  for (const project_id of new Set(projects)) {
    for (const action of actionNames) {
      if (may(asked, action, { project_id }) && !may(maker, action, { project_id })) refuse(action, action)
    }
  }
}

function within(wanted: readonly string[] | null, own: readonly string[] | null): boolean {
  if (own === null) return true
  return wanted !== null && wanted.every((one) => own.includes(one))
}
