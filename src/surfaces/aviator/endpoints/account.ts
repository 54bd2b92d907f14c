import type { EndpointTable } from './endpoint.ts'

/** What the specification names beside releases. */
export const account = {
  userActions: {
    method: 'GET',
    path: '/api/v1/user_actions',
    needs: 'token',
    source: '5',
    state: 'absent',
    missing: 'its log has no entries about releases; ours is `GET /headgate/v1/events`',
  },
  backport: {
    method: 'POST',
    path: '/api/v1/pull_request/backport',
    needs: 'token',
    source: '2.8',
    state: 'absent',
    missing: 'it belongs to the merge queue, which is no part of releases',
  },
} as const satisfies EndpointTable
