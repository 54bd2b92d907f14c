import type { EndpointTable } from './endpoint.ts'

/** Bulk operations and their jobs. */
export const bulk = {
  addReleaseItems: {
    method: 'POST',
    path: '/bulk/release/items',
    needs: 'stack',
    source: '2.2 row 16',
    state: 'absent',
  },
  updateReleaseItems: {
    method: 'PUT',
    path: '/bulk/release/update_items',
    needs: 'stack',
    source: '2.2 row 17',
    state: 'absent',
  },
  jobs: { method: 'GET', path: '/bulk/jobs', needs: 'stack', source: '2.2 row 18', state: 'absent' },
  job: { method: 'GET', path: '/bulk/jobs/:job', needs: 'stack', source: '2.2 row 18', state: 'absent' },
  jobItems: {
    method: 'GET',
    path: '/bulk/jobs/:job/items',
    needs: 'stack',
    source: '2.2 row 18',
    state: 'absent',
  },
  publish: { method: 'POST', path: '/bulk/publish', needs: 'stack', source: '3.8', state: 'absent' },
  unpublish: { method: 'POST', path: '/bulk/unpublish', needs: 'stack', source: '3.8', state: 'absent' },
  remove: { method: 'POST', path: '/bulk/delete', needs: 'stack', source: '3.8', state: 'absent' },
  workflow: { method: 'POST', path: '/bulk/workflow', needs: 'stack', source: '3.8', state: 'absent' },
} as const satisfies EndpointTable
