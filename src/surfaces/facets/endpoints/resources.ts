import type { EndpointTable } from './endpoint.ts'

const cluster = '/cc-ui/v1/clusters/:clusterId'
const resource = `${cluster}/resourceType/:resourceType/resourceName/:resourceName`
const designer = '/cc-ui/v1/designer'
const source = '2.4'
const neighbours = '2.2, neighbours'
const absent = 'absent' as const
const inGit = 'the blueprint is changed where it lies, in git or in its folder'

/** Resources of a blueprint, as an environment gets them and as they are written. */
export const resources = {
  get: { method: 'GET', path: resource, source, state: 'done' },
  outProperties: {
    method: 'GET',
    path: `${resource}/resource-out-properties`,
    source,
    state: 'partial',
    missing:
      'only what a provided resource says of itself: Terraform keeps no outputs of modules in its state',
  },
  overrides: { method: 'GET', path: `${resource}/overrides`, source, state: 'done' },
  override: { method: 'POST', path: `${resource}/overrides`, source, state: 'done' },
  allOverrides: { method: 'GET', path: `${cluster}/overrides`, source, state: 'done' },
  removeOverride: {
    method: 'DELETE',
    path: `${cluster}/overrides/:resourceType/:resourceName`,
    source,
    state: 'done',
  },
  enable: { method: 'PUT', path: `${cluster}/resource-enable-disable`, source, state: 'done' },
  preview: {
    method: 'GET',
    path: '/cc-ui/v1/resources/:clusterId/release-preview',
    source: neighbours,
    state: 'done',
  },
  status: {
    method: 'GET',
    path: '/cc-ui/v1/resources/:stackName/:clusterName/status',
    source: neighbours,
    state: 'done',
  },
  impacts: {
    method: 'GET',
    path: `${resource}/release-impacts`,
    source: neighbours,
    state: absent,
    missing: 'what it answers is not documented',
  },
  history: {
    method: 'GET',
    path: '/cc-ui/v1/dropdown/:stackName/resourceType/:resourceType/resourceName/:resourceName/resource-history-overview',
    source: '2.7',
    state: absent,
    missing: 'what it answers is not documented',
  },
  files: { method: 'GET', path: `${designer}/:stackName/:branch/files`, source, state: 'done' },
  createFile: {
    method: 'POST',
    path: `${designer}/:stackName/branch/:branch`,
    source,
    state: absent,
    missing: inGit,
  },
  updateFile: {
    method: 'PUT',
    path: `${designer}/:stackName/branch/:branch`,
    source,
    state: absent,
    missing: inGit,
  },
  removeFile: {
    method: 'DELETE',
    path: `${designer}/:stackName/branch/:branch`,
    source,
    state: absent,
    missing: inGit,
  },
  filesV2: {
    method: 'GET',
    path: `${designer}/v2/:stackName/resources`,
    source,
    state: absent,
    missing: 'what it answers is not documented',
  },
  enableInBlueprint: {
    method: 'PUT',
    path: `${designer}/:stackName/resource-enable-disable`,
    source,
    state: absent,
    missing: inGit,
  },
} as const satisfies EndpointTable
