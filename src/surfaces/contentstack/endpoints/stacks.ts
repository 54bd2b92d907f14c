import type { EndpointTable } from './endpoint.ts'

/** Stacks: what Headgate calls projects of content. */
export const stacks = {
  create: { method: 'POST', path: '/stacks', needs: 'user', source: '3.1', state: 'done' },
  get: {
    method: 'GET',
    path: '/stacks',
    needs: 'stack',
    module: 'stack',
    source: '3.1',
    state: 'partial',
    missing:
      'include_collaborators: the list is empty; without an api_key it does not list the stacks of the user',
  },
  update: {
    method: 'PUT',
    path: '/stacks',
    needs: 'stack',
    module: 'stack',
    source: '3.1 (SDK: stack.update)',
    state: 'done',
  },
  remove: {
    method: 'DELETE',
    path: '/stacks',
    needs: 'stack',
    module: 'stack',
    source: '3.1',
    state: 'done',
  },
  settings: {
    method: 'GET',
    path: '/stacks/settings',
    needs: 'stack',
    module: 'stack',
    source: '3.1',
    state: 'done',
  },
  updateSettings: {
    method: 'POST',
    path: '/stacks/settings',
    needs: 'stack',
    module: 'stack',
    source: '3.1',
    state: 'done',
  },
} as const satisfies EndpointTable
