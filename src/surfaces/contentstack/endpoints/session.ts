import type { EndpointTable } from './endpoint.ts'

/** Sessions and the user behind them. */
export const session = {
  login: { method: 'POST', path: '/user-session', needs: 'nothing', source: '1.3', state: 'done' },
  logout: { method: 'DELETE', path: '/user-session', needs: 'user', source: '1.3', state: 'done' },
  user: { method: 'GET', path: '/user', needs: 'user', source: '1.3', state: 'done' },
  updateUser: { method: 'PUT', path: '/user', needs: 'user', source: '1.3', state: 'done' },
  forgotPassword: {
    method: 'POST',
    path: '/user/forgot_password',
    needs: 'nothing',
    source: 'SDK: user.requestPassword',
    state: 'absent',
  },
  resetPassword: {
    method: 'POST',
    path: '/user/reset_password',
    needs: 'nothing',
    source: 'SDK: user.resetPassword',
    state: 'absent',
  },
  tasks: {
    method: 'GET',
    path: '/user/assignments',
    needs: 'user',
    source: 'SDK: user.getTasks',
    state: 'absent',
  },
} as const satisfies EndpointTable
