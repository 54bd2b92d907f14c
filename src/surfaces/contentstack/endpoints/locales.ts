import type { EndpointTable } from './endpoint.ts'

/** Languages of a stack. */
export const locales = {
  create: {
    method: 'POST',
    path: '/locales',
    needs: 'stack',
    module: 'locale',
    source: '3.2',
    state: 'done',
  },
  list: { method: 'GET', path: '/locales', needs: 'stack', module: 'locale', source: '3.2', state: 'done' },
  get: {
    method: 'GET',
    path: '/locales/:locale',
    needs: 'stack',
    module: 'locale',
    source: '3.2',
    state: 'done',
  },
  update: {
    method: 'PUT',
    path: '/locales/:locale',
    needs: 'stack',
    module: 'locale',
    source: '3.2',
    state: 'done',
  },
  remove: {
    method: 'DELETE',
    path: '/locales/:locale',
    needs: 'stack',
    module: 'locale',
    source: '3.2',
    state: 'done',
  },
} as const satisfies EndpointTable
