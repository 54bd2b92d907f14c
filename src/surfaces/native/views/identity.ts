import type { Token, User } from '#api/identity.ts'
import type { TokenView } from '#app/identity/token-view.ts'
import type { UserView } from '#app/identity/user-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, time, times } from './shown.ts'

export function viewUser({
  id,
  email,
  name,
  agent,
  disabled,
  grants,
  created_at,
  updated_at,
}: UserView): User {
  const held = grants.map(({ project_id, role }) => ({ project_id: shown('project', project_id), role }))
  return {
    id: showId('user', id),
    email,
    name,
    agent,
    disabled,
    grants: held,
    ...times({ created_at, updated_at }),
  }
}

export function viewToken(row: TokenView): Token {
  const { kind, name, description, branches, scopes } = row
  return {
    ...{ id: showId('token', row.id), kind, name, description, user_id: shown('user', row.user_id) },
    ...{ project_id: shown('project', row.project_id), branches, scopes, expires_at: time(row.expires_at) },
    environment_ids: row.environment_ids && row.environment_ids.map((id) => showId('environment', id)),
    ...times(row),
  }
}
