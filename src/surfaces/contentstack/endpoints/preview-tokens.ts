import type { EndpointTable } from './endpoint.ts'

/** The second secret of a delivery token, with which it previews releases (`deliveryToken().previewToken()`). */
export const previewTokens = {
  create: {
    method: 'POST',
    path: '/stacks/delivery_tokens/:token/preview_token',
    needs: 'stack',
    module: 'token',
    source: '3.6',
    state: 'done',
  },
  remove: {
    method: 'DELETE',
    path: '/stacks/delivery_tokens/:token/preview_token',
    needs: 'stack',
    module: 'token',
    source: '3.6',
    state: 'done',
  },
} as const satisfies EndpointTable
