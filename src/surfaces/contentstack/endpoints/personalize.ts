import type { EndpointTable } from './endpoint.ts'

/** Another host of the vendor, which the set-up of its own test suite asks and can do without. */
export const personalize = {
  createProject: {
    method: 'POST',
    path: '/projects',
    needs: 'user',
    source: '3.1 (host of Personalize)',
    state: 'absent',
    elsewhere: true,
  },
  removeProject: {
    method: 'DELETE',
    path: '/projects/:project',
    needs: 'user',
    source: '3.1 (host of Personalize)',
    state: 'absent',
    elsewhere: true,
  },
} as const satisfies EndpointTable
