import type { EndpointTable } from './endpoint.ts'

const all = '/global_fields'
const one = `${all}/:global_field` as const
const absent = { needs: 'stack', module: 'global_field', state: 'absent' } as const

/** Global fields: groups of fields shared by content types. A type may have one all the same (README.md). */
export const globalFields = {
  list: { method: 'GET', path: all, source: '3.7', ...absent },
  create: { method: 'POST', path: all, source: '3.7', ...absent },
  import: { method: 'POST', path: `${all}/import`, source: 'SDK: globalField().import', ...absent },
  get: { method: 'GET', path: one, source: 'SDK: globalField.fetch', ...absent },
  update: { method: 'PUT', path: one, source: 'SDK: globalField.update', ...absent },
  remove: { method: 'DELETE', path: one, source: 'SDK: globalField.delete', ...absent },
} as const satisfies EndpointTable
