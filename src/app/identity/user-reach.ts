import type { Reach } from './refuse-wider.ts'
import type { Grant } from './user-view.ts'

/** What somebody can do who signs in as this user. */
export function userReach({ agent, grants }: { agent: boolean; grants: readonly Grant[] }): Reach {
  return {
    ...{ kind: agent ? 'agent' : 'user', grants: [...grants], scopes: ['*'] },
    ...{ project_id: null, environment_ids: null, branches: null },
  }
}
