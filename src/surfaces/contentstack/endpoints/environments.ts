import type { EndpointTable } from './endpoint.ts'

/** Environments, by name in the address. */
export const environments = {
  create: {
    method: 'POST',
    path: '/environments',
    needs: 'stack',
    module: 'environment',
    source: '3.2',
    state: 'done',
  },
  list: {
    method: 'GET',
    path: '/environments',
    needs: 'stack',
    module: 'environment',
    source: '3.2',
    state: 'done',
  },
  get: {
    method: 'GET',
    path: '/environments/:environment',
    needs: 'stack',
    module: 'environment',
    source: '3.2',
    state: 'done',
  },
  update: {
    method: 'PUT',
    path: '/environments/:environment',
    needs: 'stack',
    module: 'environment',
    source: '3.2',
    state: 'done',
  },
  remove: {
    method: 'DELETE',
    path: '/environments/:environment',
    needs: 'stack',
    module: 'environment',
    source: '3.2',
    state: 'done',
  },
} as const satisfies EndpointTable
