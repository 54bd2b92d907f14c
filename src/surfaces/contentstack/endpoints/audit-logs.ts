import type { EndpointTable } from './endpoint.ts'

/** The audit log. */
export const auditLogs = {
  list: {
    method: 'GET',
    path: '/audit-logs',
    needs: 'stack',
    module: 'audit_logs',
    source: '3.7',
    state: 'absent',
  },
} as const satisfies EndpointTable
