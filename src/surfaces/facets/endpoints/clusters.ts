import type { EndpointTable } from './endpoint.ts'

const cluster = '/cc-ui/v1/clusters/:clusterId'
const source = '2.4'
const absent = 'absent' as const
const configured = 'environments are made by headgate.yaml and the native API'

/** Environments. */
export const clusters = {
  get: { method: 'GET', path: cluster, source, state: 'done' },
  info: { method: 'GET', path: `${cluster}/info`, source, state: 'done' },
  infoByName: {
    method: 'GET',
    path: '/cc-ui/v1/clusters/stack/:stackName/cluster/:clusterName/info',
    source,
    state: 'done',
  },
  validationErrors: {
    method: 'GET',
    path: `${cluster}/validation-errors`,
    source: '2.2, neighbours',
    state: 'done',
  },
  validate: { method: 'POST', path: `${cluster}/validate`, source: '2.2, neighbours', state: 'done' },
  remove: { method: 'DELETE', path: cluster, source, state: absent, missing: configured },
  draft: {
    method: 'POST',
    path: '/cc-ui/v1/clusters/draft-cluster',
    source,
    state: absent,
    missing: configured,
  },
  createAws: {
    method: 'POST',
    path: '/cc-ui/v1/aws/clusters',
    source,
    state: absent,
    missing: configured,
  },
  createAzure: {
    method: 'POST',
    path: '/cc-ui/v1/azure/clusters',
    source,
    state: absent,
    missing: configured,
  },
  createGcp: {
    method: 'POST',
    path: '/cc-ui/v1/gcp/clusters',
    source,
    state: absent,
    missing: configured,
  },
  createKubernetes: {
    method: 'POST',
    path: '/cc-ui/v1/kubernetes/clusters',
    source,
    state: absent,
    missing: configured,
  },
} as const satisfies EndpointTable
