import type { EndpointTable } from './endpoint.ts'

const all = '/cc-ui/v1/artifacts'
const source = '2.5'
const absent = 'absent' as const
const registries = 'images are named by their whole address: no registry is asked'

/** What CI built. */
export const artifacts = {
  registerOld: { method: 'POST', path: '/cc/v1/artifacts/register', source, state: 'done' },
  register: { method: 'POST', path: `${all}/register`, source, state: 'done' },
  registerV2: { method: 'POST', path: `${all}/registerV2`, source, state: 'done' },
  registerByEnvironment: { method: 'POST', path: `${all}/register-by-env`, source, state: 'done' },
  registerByStream: { method: 'POST', path: `${all}/register-by-release-stream`, source, state: 'done' },
  list: { method: 'GET', path: `${all}/:clusterId`, source, state: 'done' },
  ofResource: {
    method: 'GET',
    path: `${all}/cluster/:clusterId/resourceType/:resourceType/resourceName/:resourceName`,
    source,
    state: 'done',
  },
  versions: {
    method: 'GET',
    path: '/cc-ui/v1/versions/:versioningKey',
    source,
    state: 'partial',
    missing: 'of artifacts only: an override has no older versions',
  },
  restore: { method: 'POST', path: '/cc-ui/v1/versions/:versionId/restore', source, state: 'done' },
  registries: {
    method: 'GET',
    path: '/cc-ui/v1/artifactories',
    source,
    state: absent,
    missing: registries,
  },
  otherRegistries: {
    method: 'GET',
    path: '/cc-ui/v1/artifactories/others',
    source,
    state: absent,
    missing: registries,
  },
  registriesOfStack: {
    method: 'GET',
    path: '/cc-ui/v1/artifactories/stack/:stackName',
    source,
    state: absent,
    missing: registries,
  },
  ci: {
    method: 'GET',
    path: '/cc-ui/v1/artifacts-ci',
    source,
    state: absent,
    missing: 'an application is known by the artifacts that were registered for it',
  },
} as const satisfies EndpointTable
