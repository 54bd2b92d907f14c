import type { EndpointTable } from './endpoint.ts'

const tokenTable = <Base extends string>(base: Base) =>
  ({
    create: { method: 'POST', path: base, needs: 'stack', module: 'token', source: '3.6', state: 'done' },
    list: { method: 'GET', path: base, needs: 'stack', module: 'token', source: '3.6', state: 'done' },
    get: {
      method: 'GET',
      path: `${base}/:token`,
      needs: 'stack',
      module: 'token',
      source: '3.6',
      state: 'done',
    },
    update: {
      method: 'PUT',
      path: `${base}/:token`,
      needs: 'stack',
      module: 'token',
      source: '3.6',
      state: 'done',
    },
    remove: {
      method: 'DELETE',
      path: `${base}/:token`,
      needs: 'stack',
      module: 'token',
      source: '3.6',
      state: 'done',
    },
  }) as const satisfies EndpointTable

/** Tokens that manage one stack. */
export const managementTokens = tokenTable('/stacks/management_tokens')

/** Tokens that read what is published in some environments of one stack. */
export const deliveryTokens = tokenTable('/stacks/delivery_tokens')
