import type { EndpointTable } from './endpoint.ts'

/** Sessions and the user behind them. */
export const session = {
  login: {
    method: 'POST',
    path: '/user-session',
    needs: 'nothing',
    source: '1.3',
    state: 'partial',
    missing: 'a second factor; the query flags that add organisations and roles',
  },
  logout: { method: 'DELETE', path: '/user-session', needs: 'user', source: '1.3', state: 'done' },
  user: { method: 'GET', path: '/user', needs: 'user', source: '1.3', state: 'done' },
  updateUser: { method: 'PUT', path: '/user', needs: 'user', source: '1.3', state: 'absent' },
} as const satisfies EndpointTable
