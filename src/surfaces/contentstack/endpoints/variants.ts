import type { EndpointTable } from './endpoint.ts'

const all = '/content_types/:content_type/entries/:entry/variants'
const one = `${all}/:variant` as const
const absent = { needs: 'stack', module: 'entry', state: 'absent' } as const

/** Variants of entries for groups of readers, which another product of the vendor makes. */
export const variants = {
  list: { method: 'GET', path: all, source: 'SDK: entry.variants().query', ...absent },
  get: { method: 'GET', path: one, source: 'SDK: entry.variants(uid).fetch', ...absent },
  update: { method: 'PUT', path: one, source: 'SDK: entry.variants(uid).update', ...absent },
  remove: { method: 'DELETE', path: one, source: 'SDK: entry.variants(uid).delete', ...absent },
  versions: {
    method: 'GET',
    path: `${one}/versions`,
    source: 'SDK: entry.variants(uid).versions',
    ...absent,
  },
} as const satisfies EndpointTable
