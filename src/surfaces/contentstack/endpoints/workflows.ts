import type { EndpointTable } from './endpoint.ts'

/** Workflows and the rules for publishing. */
export const workflows = {
  create: { method: 'POST', path: '/workflows', needs: 'stack', source: '3.7', state: 'absent' },
  list: { method: 'GET', path: '/workflows', needs: 'stack', source: '3.7', state: 'absent' },
  get: { method: 'GET', path: '/workflows/:workflow', needs: 'stack', source: '3.7', state: 'absent' },
  update: { method: 'PUT', path: '/workflows/:workflow', needs: 'stack', source: '3.7', state: 'absent' },
  remove: { method: 'DELETE', path: '/workflows/:workflow', needs: 'stack', source: '3.7', state: 'absent' },
  disable: {
    method: 'GET',
    path: '/workflows/:workflow/disable',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  enable: {
    method: 'GET',
    path: '/workflows/:workflow/enable',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  createRule: {
    method: 'POST',
    path: '/workflows/publishing_rules',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  listRules: {
    method: 'GET',
    path: '/workflows/publishing_rules',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  getRule: {
    method: 'GET',
    path: '/workflows/publishing_rules/:rule',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  updateRule: {
    method: 'PUT',
    path: '/workflows/publishing_rules/:rule',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
  removeRule: {
    method: 'DELETE',
    path: '/workflows/publishing_rules/:rule',
    needs: 'stack',
    source: '3.7',
    state: 'absent',
  },
} as const satisfies EndpointTable
