import type { EndpointTable } from './endpoint.ts'

/** The Content Delivery API: the same addresses, told apart by `access_token`. */
export const delivery = {
  entries: {
    method: 'GET',
    path: '/content_types/:content_type/entries',
    needs: 'delivery',
    source: '4',
    state: 'done',
  },
  entry: {
    method: 'GET',
    path: '/content_types/:content_type/entries/:entry',
    needs: 'delivery',
    source: '4',
    state: 'done',
  },
  assets: { method: 'GET', path: '/assets', needs: 'delivery', source: '4', state: 'done' },
  asset: { method: 'GET', path: '/assets/:asset', needs: 'delivery', source: '4', state: 'done' },
  contentTypes: { method: 'GET', path: '/content_types', needs: 'delivery', source: '4', state: 'done' },
  contentType: {
    method: 'GET',
    path: '/content_types/:content_type',
    needs: 'delivery',
    source: '4',
    state: 'done',
  },
  sync: { method: 'GET', path: '/stacks/sync', needs: 'delivery', source: '4', state: 'done' },
} as const satisfies EndpointTable
