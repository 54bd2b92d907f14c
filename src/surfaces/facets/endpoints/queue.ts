import type { EndpointTable } from './endpoint.ts'

const cluster = '/cc-ui/v1/clusters/:clusterId'
const source = '2.2, neighbours'
const absent = 'absent' as const
const done = 'done' as const
const windows = 'a freeze that comes again and again is part of headgate.yaml (`freezes`)'

/** What waits, what is stopped, what comes by itself. */
export const queue = {
  list: { method: 'GET', path: `${cluster}/queued-releases`, source, state: done },
  remove: { method: 'DELETE', path: `${cluster}/queued-releases/:queuedReleaseId`, source, state: done },
  pause: { method: 'POST', path: `${cluster}/pause-release`, source, state: done },
  pauseStack: { method: 'POST', path: '/cc-ui/v1/stacks/:stackName/toggleRelease', source, state: done },
  schedules: { method: 'GET', path: `${cluster}/schedule`, source, state: done },
  schedule: { method: 'GET', path: `${cluster}/schedule/:scheduleId`, source, state: done },
  createSchedule: { method: 'POST', path: `${cluster}/schedule`, source, state: done },
  updateSchedule: { method: 'PUT', path: `${cluster}/schedule/:scheduleId`, source, state: done },
  removeSchedule: { method: 'DELETE', path: `${cluster}/schedule/:scheduleId`, source, state: done },
  maintenanceWindow: {
    method: 'GET',
    path: '/cc-ui/v1/maintenance-window/:clusterId',
    source,
    state: absent,
    missing: windows,
  },
  setMaintenanceWindow: {
    method: 'PUT',
    path: '/cc-ui/v1/maintenance-window',
    source,
    state: absent,
    missing: windows,
  },
  switchMaintenanceWindow: {
    method: 'PUT',
    path: '/cc-ui/v1/maintenance-window/:clusterId/enable-disable',
    source,
    state: absent,
    missing: windows,
  },
} as const satisfies EndpointTable
