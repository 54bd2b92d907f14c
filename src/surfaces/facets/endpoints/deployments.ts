import type { EndpointTable } from './endpoint.ts'

const all = '/cc-ui/v1/clusters/:clusterId/deployments'
const one = `${all}/:deploymentId`
const source = '2.2'
const absent = 'absent' as const
const done = 'done' as const

/** The deployments controller. */
export const deployments = {
  list: { method: 'GET', path: all, source, state: done },
  create: { method: 'POST', path: all, source, state: done },
  release: { method: 'PUT', path: `${all}/release`, source: '2.2, seed 000', state: done },
  releaseOfType: { method: 'PUT', path: `${all}/releaseV2/:releaseType`, source, state: done },
  selective: { method: 'POST', path: `${all}/recipes/deployment/hotfix`, source, state: done },
  selectiveOfProse: {
    method: 'POST',
    path: `${all}/release/deployment/hotfix`,
    source: '2.2, seed 001',
    state: done,
  },
  search: { method: 'GET', path: `${all}/search`, source, state: done },
  overview: { method: 'GET', path: `${all}/overview`, source, state: done },
  stats: { method: 'GET', path: `${all}/stats`, source, state: done },
  state: { method: 'GET', path: `${all}/state`, source, state: done },
  simulate: { method: 'GET', path: `${all}/simulate`, source, state: done },
  latest: { method: 'GET', path: `${all}/latest-successful-release`, source, state: done },
  latestOf: { method: 'GET', path: `${all}/latest-successful-release/:application`, source, state: done },
  byTrace: { method: 'GET', path: `${all}/trace-id/:releaseTraceId`, source, state: done },
  changesOfMany: { method: 'POST', path: `${all}/release-changes/bulk`, source, state: done },
  launch: { method: 'PUT', path: `${all}/launch`, source, state: done },
  destroy: { method: 'DELETE', path: `${all}/destroy`, source, state: done },
  unlock: { method: 'PUT', path: `${all}/unlock`, source, state: done },
  get: { method: 'GET', path: one, source, state: done },
  changes: { method: 'GET', path: `${one}/release-changes`, source, state: done },
  logs: { method: 'GET', path: `${one}/logs`, source, state: done },
  logStream: { method: 'GET', path: `${one}/logs/stream`, source, state: done },
  plan: { method: 'GET', path: `${one}/download-plan`, source, state: done },
  approve: { method: 'POST', path: `${one}/approveRelease`, source, state: done },
  reject: { method: 'POST', path: `${one}/rejectRelease`, source, state: done },
  abort: { method: 'POST', path: `${one}/abort`, source, state: done },
  signOff: { method: 'PUT', path: `${one}/signoff`, source, state: done },
  rollbackPlan: {
    method: 'POST',
    path: `${one}/:resourceType/:resourceName/rollback-plan`,
    source,
    state: done,
  },
  attachLabels: {
    method: 'PUT',
    path: `${one}/attach-labels`,
    source,
    state: absent,
    missing: 'there are no labels of releases',
  },
  crdLogs: {
    method: 'GET',
    path: `${one}/crd-logs`,
    source,
    state: absent,
    missing: 'a release has one log, `…/logs`: nothing here runs as a Kubernetes resource',
  },
  crdLogStream: {
    method: 'GET',
    path: `${one}/crd-logs/stream`,
    source,
    state: absent,
    missing: 'as above: `…/logs/stream`',
  },
  metadata: {
    method: 'GET',
    path: `${one}/release-metadata`,
    source,
    state: absent,
    missing: 'what it holds is not documented',
  },
  uploadMetadata: {
    method: 'POST',
    path: `${one}/upload-release-metadata`,
    source,
    state: absent,
    missing: 'as above',
  },
  exportTerraform: {
    method: 'POST',
    path: `${all}/terraform-export`,
    source,
    state: absent,
    missing: 'the generated configuration belongs to Headgate’s own runner',
  },
  downloadTerraform: {
    method: 'GET',
    path: `${one}/download-terraform-export`,
    source,
    state: absent,
    missing: 'as above',
  },
  maintenance: {
    method: 'POST',
    path: `${all}/maintenance`,
    source,
    state: absent,
    missing: 'there are no migration scripts of modules',
  },
} as const satisfies EndpointTable
