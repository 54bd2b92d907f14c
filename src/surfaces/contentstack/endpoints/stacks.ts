import type { EndpointTable } from './endpoint.ts'

const endpoint = <M extends 'GET' | 'POST' | 'PUT' | 'DELETE', S extends 'done' | 'absent'>(
  method: M,
  path: string,
  state: S,
  source = '3.1',
) => ({ method, path, needs: 'stack', module: 'stack', source, state }) as const

/** Stacks: what Headgate calls projects of content. */
export const stacks = {
  create: { method: 'POST', path: '/stacks', needs: 'user', source: '3.1', state: 'done' },
  get: endpoint('GET', '/stacks', 'done'),
  list: {
    ...({ method: 'GET', path: '/stacks', needs: 'user' } as const),
    ...({ source: '3.1 (SDK: stack().query, without an api_key)', state: 'done' } as const),
  },
  update: endpoint('PUT', '/stacks', 'done', '3.1 (SDK: stack.update)'),
  remove: endpoint('DELETE', '/stacks', 'done'),
  settings: endpoint('GET', '/stacks/settings', 'done'),
  updateSettings: endpoint('POST', '/stacks/settings', 'done'),
  share: endpoint('POST', '/stacks/share', 'absent', 'SDK: stack.share'),
  unshare: endpoint('POST', '/stacks/unshare', 'absent', 'SDK: stack.unShare'),
  setRoles: endpoint('POST', '/stacks/users/roles', 'absent', 'SDK: stack.updateUsersRoles'),
  transfer: endpoint('POST', '/stacks/transfer_ownership', 'absent', 'SDK: stack.transferOwnership'),
} as const satisfies EndpointTable
