import type { EndpointTable } from './endpoint.ts'

/** Organisations. A Headgate is one organisation, which has no resource of its own yet. */
export const organizations = {
  list: { method: 'GET', path: '/organizations', needs: 'user', source: '3.1', state: 'absent' },
  get: { method: 'GET', path: '/organizations/:organization', needs: 'user', source: '3.1', state: 'absent' },
  stacks: {
    method: 'GET',
    path: '/organizations/:organization/stacks',
    needs: 'user',
    source: '3.1',
    state: 'absent',
  },
} as const satisfies EndpointTable
