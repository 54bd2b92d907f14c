import type { EndpointTable } from './endpoint.ts'

/** The vendor's API host has it at the root; one host for everything has it under /api too. */
export const graphql = {
  query: { method: 'POST', path: '/graphql', needs: 'token', source: '3', state: 'done', own: true },
  queryUnderApi: {
    method: 'POST',
    path: '/api/graphql',
    needs: 'token',
    source: '3',
    state: 'done',
    own: true,
  },
} as const satisfies EndpointTable
