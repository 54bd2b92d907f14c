import type { EndpointTable } from './endpoint.ts'

const fixed = <M extends 'POST' | 'PUT' | 'DELETE'>(method: M, path: string, source: string) =>
  ({
    ...({ method, path, needs: 'stack', module: 'role', source, state: 'absent' } as const),
    missing: 'the four roles of Headgate are the roles of every stack; users get them by the native API',
  }) as const

/** Roles of a stack: Headgate's four, which nobody makes, changes or deletes. */
export const roles = {
  list: { method: 'GET', path: '/roles', needs: 'stack', module: 'role', source: '3.7', state: 'done' },
  get: {
    ...({ method: 'GET', path: '/roles/:role', needs: 'stack', module: 'role' } as const),
    ...({ source: '3.7 (SDK: role.fetch)', state: 'done' } as const),
  },
  create: fixed('POST', '/roles', '3.7'),
  update: fixed('PUT', '/roles/:role', 'SDK: role.update'),
  remove: fixed('DELETE', '/roles/:role', 'SDK: role.delete'),
} as const satisfies EndpointTable
