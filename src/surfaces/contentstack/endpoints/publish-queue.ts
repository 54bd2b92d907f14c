import type { EndpointTable } from './endpoint.ts'

/** What is being published, and unscheduling it. */
export const publishQueue = {
  list: { method: 'GET', path: '/publish-queue', needs: 'stack', source: '2.8', state: 'absent' },
  get: { method: 'GET', path: '/publish-queue/:row', needs: 'stack', source: '2.8', state: 'absent' },
  unschedule: {
    method: 'GET',
    path: '/publish-queue/:row/unschedule',
    needs: 'stack',
    source: '2.8',
    state: 'absent',
  },
} as const satisfies EndpointTable
