import type { EndpointTable } from './endpoint.ts'

const deploymentsPath = '/api/releases/:project/environments/:environment/deployments'

/** Deployments of an environment. */
export const deployments = {
  create: { method: 'POST', path: deploymentsPath, needs: 'token', source: '2.2, seed', state: 'done' },
  report: { method: 'PATCH', path: deploymentsPath, needs: 'token', source: '2.3, seed', state: 'done' },
  list: { method: 'GET', path: deploymentsPath, needs: 'token', source: '2.4', state: 'done' },
  rollBack: {
    method: 'POST',
    path: '/api/releases/:project/environments/:environment/rollback',
    needs: 'token',
    source: '2.5',
    state: 'done',
  },
} as const satisfies EndpointTable
