import type { EndpointTable } from './endpoint.ts'

const all = '/content_types/:content_type/entries'
const one = `${all}/:entry` as const

/** Entries: what is written, and publishing it directly. */
export const entries = {
  create: { method: 'POST', path: all, needs: 'stack', module: 'entry', source: '3.4', state: 'done' },
  list: {
    method: 'GET',
    path: all,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'partial',
    missing:
      'include_workflow, include_owner; queries are equality, $and, $or, $in, $nin, $ne, $exists, $lt, $lte, $gt, $gte and $regex on top-level fields',
  },
  get: {
    method: 'GET',
    path: one,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'partial',
    missing: 'include_workflow',
  },
  update: { method: 'PUT', path: one, needs: 'stack', module: 'entry', source: '3.4', state: 'done' },
  remove: { method: 'DELETE', path: one, needs: 'stack', module: 'entry', source: '3.4', state: 'done' },
  unlocalize: {
    method: 'POST',
    path: `${one}/unlocalize`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  versions: {
    method: 'GET',
    path: `${one}/versions`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  nameVersion: {
    method: 'POST',
    path: `${one}/versions/:version/name`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  locales: {
    method: 'GET',
    path: `${one}/locales`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  references: {
    method: 'GET',
    path: `${one}/references`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  publish: {
    method: 'POST',
    path: `${one}/publish`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  unpublish: {
    method: 'POST',
    path: `${one}/unpublish`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'done',
  },
  workflow: {
    method: 'POST',
    path: `${one}/workflow`,
    needs: 'stack',
    module: 'entry',
    source: '3.4',
    state: 'absent',
  },
} as const satisfies EndpointTable
