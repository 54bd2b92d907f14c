import type { EndpointTable } from './endpoint.ts'

/** Labels of content types. */
export const labels = {
  list: { method: 'GET', path: '/labels', needs: 'stack', module: 'label', source: '3.7', state: 'absent' },
  create: {
    method: 'POST',
    path: '/labels',
    needs: 'stack',
    module: 'label',
    source: '3.7',
    state: 'absent',
  },
} as const satisfies EndpointTable
