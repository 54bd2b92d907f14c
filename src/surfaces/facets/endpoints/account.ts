import type { EndpointTable } from './endpoint.ts'

const users = '/cc-ui/v1/users'
const source = '2.1'
const absent = 'absent' as const

/** Who asks, and with which tokens. */
export const account = {
  me: { method: 'GET', path: '/api/me', source, state: absent },
  currentUser: { method: 'GET', path: `${users}/current-user`, source, state: absent },
  createToken: { method: 'POST', path: `${users}/createAccessToken`, source, state: absent },
  tokens: { method: 'GET', path: `${users}/tokens`, source, state: absent },
  removeToken: { method: 'DELETE', path: `${users}/tokens/:tokenId`, source, state: absent },
  health: { method: 'GET', path: '/public/v1/health', source, state: absent, open: true },
} as const satisfies EndpointTable
