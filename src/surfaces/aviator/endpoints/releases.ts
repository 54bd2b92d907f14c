import type { EndpointTable } from './endpoint.ts'

/** Releases and their candidates. */
export const releases = {
  create: {
    method: 'POST',
    path: '/api/releases/:project/releases/:version',
    needs: 'token',
    source: '2.1, seed',
    state: 'done',
  },
} as const satisfies EndpointTable
