import type { EndpointTable } from './endpoint.ts'

/** Assets and their folders. */
export const assets = {
  create: { method: 'POST', path: '/assets', needs: 'stack', source: '3.5', state: 'done' },
  list: { method: 'GET', path: '/assets', needs: 'stack', source: '3.5', state: 'done' },
  createFolder: { method: 'POST', path: '/assets/folders', needs: 'stack', source: '3.5', state: 'done' },
  getFolder: { method: 'GET', path: '/assets/folders/:asset', needs: 'stack', source: '3.5', state: 'done' },
  updateFolder: {
    method: 'PUT',
    path: '/assets/folders/:asset',
    needs: 'stack',
    source: '3.5 (SDK: folder.update)',
    state: 'done',
  },
  removeFolder: {
    method: 'DELETE',
    path: '/assets/folders/:asset',
    needs: 'stack',
    source: '3.5 (SDK: folder.delete)',
    state: 'done',
  },
  get: {
    method: 'GET',
    path: '/assets/:asset',
    needs: 'stack',
    source: '3.5',
    state: 'partial',
    missing: 'include_dimension',
  },
  update: { method: 'PUT', path: '/assets/:asset', needs: 'stack', source: '3.5', state: 'done' },
  remove: { method: 'DELETE', path: '/assets/:asset', needs: 'stack', source: '3.5', state: 'done' },
  publish: { method: 'POST', path: '/assets/:asset/publish', needs: 'stack', source: '3.5', state: 'done' },
  unpublish: {
    method: 'POST',
    path: '/assets/:asset/unpublish',
    needs: 'stack',
    source: '3.5',
    state: 'done',
  },
  references: {
    method: 'GET',
    path: '/assets/:asset/references',
    needs: 'stack',
    source: '3.5',
    state: 'done',
  },
  download: {
    method: 'GET',
    path: '/assets/:api_key/:asset/:version/:filename',
    needs: 'file',
    source: '3.5',
    state: 'done',
  },
} as const satisfies EndpointTable
