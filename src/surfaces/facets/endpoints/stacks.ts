import type { EndpointTable } from './endpoint.ts'

const all = '/cc-ui/v1/stacks'
const one = `${all}/:stackName`
const source = '2.4'
const absent = 'absent' as const
const configured = 'projects are made by headgate.yaml and the native API'

/** Blueprints. */
export const stacks = {
  list: { method: 'GET', path: all, source, state: 'done' },
  get: { method: 'GET', path: one, source, state: 'done' },
  clusters: { method: 'GET', path: `${one}/clusters`, source, state: 'done' },
  clustersOverview: { method: 'GET', path: `${one}/clusters-overview`, source, state: 'done' },
  syncWithGit: { method: 'GET', path: `${one}/sync-with-git`, source, state: 'done' },
  reload: { method: 'GET', path: `${one}/reload`, source, state: 'done' },
  overview: {
    method: 'GET',
    path: `${one}/project-overview`,
    source,
    state: absent,
    missing: 'what it answers is not documented',
  },
  create: { method: 'POST', path: all, source, state: absent, missing: configured },
  createV2: { method: 'POST', path: `${all}/v2`, source, state: absent, missing: configured },
  createProject: { method: 'POST', path: `${all}/project`, source, state: absent, missing: configured },
  update: { method: 'PUT', path: one, source, state: absent, missing: configured },
  remove: { method: 'DELETE', path: one, source, state: absent, missing: configured },
} as const satisfies EndpointTable
