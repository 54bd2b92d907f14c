import type { EndpointTable } from './endpoint.ts'

const users = '/cc-ui/v1/users'
const source = '2.1'
const done = 'done' as const

/** Who asks, and with which tokens. */
export const account = {
  me: { method: 'GET', path: '/api/me', source, state: done },
  currentUser: { method: 'GET', path: `${users}/current-user`, source, state: done },
  createToken: { method: 'POST', path: `${users}/createAccessToken`, source, state: done },
  tokens: { method: 'GET', path: `${users}/tokens`, source, state: done },
  removeToken: { method: 'DELETE', path: `${users}/tokens/:tokenId`, source, state: done },
  health: { method: 'GET', path: '/public/v1/health', source, state: done, open: true },
} as const satisfies EndpointTable
