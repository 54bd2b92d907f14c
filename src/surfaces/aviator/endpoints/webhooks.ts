import type { EndpointTable } from './endpoint.ts'

/** What others tell this vendor. */
export const webhooks = {
  buildkite: {
    method: 'POST',
    path: '/api/buildkite/webhook',
    needs: 'signature',
    source: '2.7, 4.2',
    state: 'done',
    own: true,
  },
} as const satisfies EndpointTable
