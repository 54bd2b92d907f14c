import type { EndpointTable } from './endpoint.ts'

const one = '/webhooks/:webhook'
const page = "the vendor's page on webhooks"

/** Webhooks. */
export const webhooks = {
  create: {
    method: 'POST',
    path: '/webhooks',
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'done',
  },
  list: { method: 'GET', path: '/webhooks', needs: 'stack', module: 'webhook', source: '3.7', state: 'done' },
  get: { method: 'GET', path: one, needs: 'stack', module: 'webhook', source: '3.7', state: 'done' },
  update: { method: 'PUT', path: one, needs: 'stack', module: 'webhook', source: '3.7', state: 'done' },
  remove: { method: 'DELETE', path: one, needs: 'stack', module: 'webhook', source: '3.7', state: 'done' },
  executions: {
    method: 'GET',
    path: `${one}/executions`,
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'done',
  },
  retry: {
    method: 'POST',
    path: `${one}/retry`,
    needs: 'stack',
    module: 'webhook',
    source: '3.7',
    state: 'done',
  },
  logs: {
    method: 'GET',
    path: `${one}/logs`,
    needs: 'stack',
    module: 'webhook',
    source: page,
    state: 'done',
  },
  export: {
    method: 'GET',
    path: `${one}/export`,
    needs: 'stack',
    module: 'webhook',
    source: page,
    state: 'done',
  },
  import: {
    method: 'POST',
    path: '/webhooks/import',
    needs: 'stack',
    module: 'webhook',
    source: page,
    state: 'done',
  },
  importInto: {
    method: 'POST',
    path: `${one}/import`,
    needs: 'stack',
    module: 'webhook',
    source: page,
    state: 'done',
  },
} as const satisfies EndpointTable
