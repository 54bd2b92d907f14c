import type { EndpointTable } from './endpoint.ts'

const endpoint = <M extends 'GET' | 'POST' | 'PUT' | 'DELETE', S extends 'done' | 'absent'>(
  method: M,
  path: string,
  state: S,
  source = '3.2',
) => ({ method, path, needs: 'stack', module: 'branch', source, state }) as const

/** Branches and their aliases. Every stack has `main`; comparing and merging are another product's. */
export const branches = {
  create: endpoint('POST', '/stacks/branches', 'done'),
  list: endpoint('GET', '/stacks/branches', 'done'),
  get: endpoint('GET', '/stacks/branches/:branch', 'done'),
  remove: endpoint('DELETE', '/stacks/branches/:branch', 'done'),
  listAliases: endpoint('GET', '/stacks/branch_aliases', 'done', '3.2 (SDK: branchAlias.fetchAll)'),
  getAlias: endpoint('GET', '/stacks/branch_aliases/:alias', 'done', '3.2 (SDK: branchAlias.fetch)'),
  putAlias: endpoint('PUT', '/stacks/branch_aliases/:alias', 'done'),
  removeAlias: endpoint('DELETE', '/stacks/branch_aliases/:alias', 'done'),
  settings: endpoint('POST', '/stacks/branches/:branch/settings', 'absent', 'SDK: branch.updateSettings'),
  compare: endpoint('GET', '/stacks/branches_compare', 'absent', 'SDK: branch.compare().all'),
  compareTypes: endpoint('GET', '/stacks/branches_compare/content_types', 'absent', 'SDK: branch.compare'),
  compareGlobalFields: endpoint(
    'GET',
    '/stacks/branches_compare/global_fields',
    'absent',
    'SDK: branch.compare',
  ),
  merge: endpoint('POST', '/stacks/branches_merge', 'absent', 'SDK: branch.merge'),
  mergeQueue: endpoint('GET', '/stacks/branches_queue', 'absent', 'SDK: branch.mergeQueue().find'),
  mergeJob: endpoint('GET', '/stacks/branches_queue/:merge', 'absent', 'SDK: branch.mergeQueue().fetch'),
} as const satisfies EndpointTable
