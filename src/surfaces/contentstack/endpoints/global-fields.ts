import type { EndpointTable } from './endpoint.ts'

/** Global fields: groups of fields shared by content types. */
export const globalFields = {
  list: {
    method: 'GET',
    path: '/global_fields',
    needs: 'stack',
    module: 'global_field',
    source: '3.7',
    state: 'absent',
  },
  create: {
    method: 'POST',
    path: '/global_fields',
    needs: 'stack',
    module: 'global_field',
    source: '3.7',
    state: 'absent',
  },
} as const satisfies EndpointTable
