import type { EndpointTable } from './endpoint.ts'

/** Content types. */
export const contentTypes = {
  create: {
    method: 'POST',
    path: '/content_types',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
  list: {
    method: 'GET',
    path: '/content_types',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
  import: {
    method: 'POST',
    path: '/content_types/import',
    needs: 'stack',
    module: 'content_type',
    source: '3.3 (SDK: contentType().import)',
    state: 'done',
  },
  get: {
    method: 'GET',
    path: '/content_types/:content_type',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
  update: {
    method: 'PUT',
    path: '/content_types/:content_type',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
  remove: {
    method: 'DELETE',
    path: '/content_types/:content_type',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
  export: {
    method: 'GET',
    path: '/content_types/:content_type/export',
    needs: 'stack',
    module: 'content_type',
    source: '3.3 (vendor’s page on content types)',
    state: 'done',
  },
  references: {
    method: 'GET',
    path: '/content_types/:content_type/references',
    needs: 'stack',
    module: 'content_type',
    source: '3.3',
    state: 'done',
  },
} as const satisfies EndpointTable
