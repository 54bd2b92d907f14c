import type { EndpointTable } from './endpoint.ts'

const one = '/organizations/:organization'

const absent = <M extends 'GET' | 'POST'>(method: M, path: string, call: string) =>
  ({ method, path, needs: 'user', source: `SDK: organization.${call}`, state: 'absent' }) as const

/** Organisations. A Headgate is one, whose people are invited by its admins and not by mail. */
export const organizations = {
  list: { method: 'GET', path: '/organizations', needs: 'user', source: '3.1', state: 'done' },
  get: { method: 'GET', path: one, needs: 'user', source: '3.1', state: 'done' },
  stacks: { method: 'GET', path: `${one}/stacks`, needs: 'user', source: '3.1', state: 'done' },
  roles: {
    method: 'GET',
    path: `${one}/roles`,
    needs: 'user',
    source: 'SDK: organization.roles',
    state: 'done',
  },
  invitations: absent('GET', `${one}/share`, 'getInvitations'),
  invite: absent('POST', `${one}/share`, 'addUser'),
  transfer: absent('POST', `${one}/transfer-ownership`, 'transferOwnership'),
} as const satisfies EndpointTable
