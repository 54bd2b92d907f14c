import type { EndpointTable } from './endpoint.ts'

/** By which a workflow says which of its runs does what was dispatched. */
export const sync = {
  build: {
    method: 'POST',
    path: '/api/v1/sync-build-github-action',
    needs: 'token',
    source: '2.6',
    state: 'done',
  },
  deploy: {
    method: 'POST',
    path: '/api/v1/sync-deploy-github-action',
    needs: 'token',
    source: '2.6',
    state: 'done',
  },
} as const satisfies EndpointTable
