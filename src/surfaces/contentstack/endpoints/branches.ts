import type { EndpointTable } from './endpoint.ts'

/** Branches and their aliases. Every stack has `main`; making more comes with the rest of the branches. */
export const branches = {
  create: {
    method: 'POST',
    path: '/stacks/branches',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
  list: {
    method: 'GET',
    path: '/stacks/branches',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
  get: {
    method: 'GET',
    path: '/stacks/branches/:branch',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
  remove: {
    method: 'DELETE',
    path: '/stacks/branches/:branch',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
  putAlias: {
    method: 'PUT',
    path: '/stacks/branch_aliases/:alias',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
  removeAlias: {
    method: 'DELETE',
    path: '/stacks/branch_aliases/:alias',
    needs: 'stack',
    module: 'branch',
    source: '3.2',
    state: 'absent',
  },
} as const satisfies EndpointTable
