import type { EndpointTable } from './endpoint.ts'

/** Roles of a stack. */
export const roles = {
  list: { method: 'GET', path: '/roles', needs: 'stack', module: 'role', source: '3.7', state: 'absent' },
  create: { method: 'POST', path: '/roles', needs: 'stack', module: 'role', source: '3.7', state: 'absent' },
} as const satisfies EndpointTable
