import type { EndpointTable } from './endpoint.ts'

/** Webhooks. */
export const webhooks = {
  create: {
    method: 'POST',
    path: '/webhooks',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  list: {
    method: 'GET',
    path: '/webhooks',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  get: {
    method: 'GET',
    path: '/webhooks/:webhook',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  update: {
    method: 'PUT',
    path: '/webhooks/:webhook',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  remove: {
    method: 'DELETE',
    path: '/webhooks/:webhook',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  executions: {
    method: 'GET',
    path: '/webhooks/:webhook/executions',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
  retry: {
    method: 'POST',
    path: '/webhooks/:webhook/retry',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'absent',
  },
} as const satisfies EndpointTable
