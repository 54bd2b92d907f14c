import type { EndpointTable } from './endpoint.ts'

/** What is being published, and unscheduling it. */
export const publishQueue = {
  list: {
    method: 'GET',
    path: '/publish-queue',
    needs: 'stack',
    module: ['publish_queue', 'entry', 'asset', 'release'],
    source: '2.8',
    state: 'done',
  },
  get: {
    method: 'GET',
    path: '/publish-queue/:row',
    needs: 'stack',
    module: ['publish_queue', 'entry', 'asset', 'release'],
    source: '2.8',
    state: 'done',
  },
  unschedule: {
    method: 'GET',
    path: '/publish-queue/:row/unschedule',
    needs: 'stack',
    module: ['publish_queue', 'entry', 'asset', 'release'],
    writes: true,
    source: '2.8',
    state: 'done',
  },
} as const satisfies EndpointTable
