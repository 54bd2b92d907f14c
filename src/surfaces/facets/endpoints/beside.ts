import type { EndpointTable } from './endpoint.ts'

const source = '2.2, neighbours'
const labels = 'there are no labels of releases'

/** What the specification names beside releases. */
export const beside = {
  apiDocs: { method: 'GET', path: '/v3/api-docs', source: '2.1', state: 'done', open: true },
  labels: { method: 'GET', path: '/cc-ui/v1/labels', source, state: 'absent', missing: labels },
  createLabel: { method: 'POST', path: '/cc-ui/v1/labels', source, state: 'absent', missing: labels },
  updateLabel: { method: 'PUT', path: '/cc-ui/v1/labels/:labelId', source, state: 'absent', missing: labels },
  removeLabel: {
    method: 'DELETE',
    path: '/cc-ui/v1/labels/:labelId',
    source,
    state: 'absent',
    missing: labels,
  },
  auditLogs: {
    method: 'GET',
    path: '/cc-ui/v1/audit-logs',
    source,
    state: 'absent',
    missing: 'ours is `GET /headgate/v1/events`',
  },
} as const satisfies EndpointTable
