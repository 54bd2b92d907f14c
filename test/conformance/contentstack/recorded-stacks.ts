import type { Recorded } from './recorded-releases.ts'

/** Stacks, bulk operations, branches and what stands around them; at the end what is not built. */
export const recordedStacks: Recorded[] = [
  {
    call: 'managementToken().create({token})',
    ...{ method: 'POST', url: '/stacks/management_tokens', status: 201, reads: 'token' },
    notice: 'Management Token created successfully.',
    body: {
      token: {
        ...{ name: '{other}', description: 'd', expires_on: '2099-01-01' },
        scope: [
          { module: 'content_type', acl: { read: true, write: true } },
          { module: 'branch', branches: ['main'], acl: { read: true } },
        ],
      },
    },
  },
  {
    call: 'deliveryToken().create({token})',
    ...{ method: 'POST', url: '/stacks/delivery_tokens', status: 201, reads: 'token' },
    notice: 'Delivery Token created successfully.',
    body: {
      token: {
        ...{ name: '{other}', description: 'd' },
        scope: [
          { module: 'environment', environments: ['production'], acl: { read: true } },
          { module: 'branch', branches: ['main'], acl: { read: true } },
        ],
      },
    },
  },

  { call: 'stack.fetch()', method: 'GET', url: '/stacks', status: 200, reads: 'stack' },
  { call: 'stack.settings()', method: 'GET', url: '/stacks/settings', status: 200, reads: 'stack_settings' },
  {
    call: 'stack.users()',
    method: 'GET',
    url: '/stacks?include_collaborators=true',
    status: 200,
    reads: 'stack',
  },

  {
    call: 'bulkOperation().addItems({data,bulk_version:"2.0"})',
    ...{ method: 'POST', url: '/bulk/release/items', status: 200, reads: 'job_id' },
    notice: 'Your add to release request is in progress.',
    headers: { bulk_version: '2.0' },
    body: {
      ...{ release: '{release}', action: 'publish', locale: ['en-us'], reference: true },
      items: [{ version: 1, uid: '{entry}', content_type_uid: 'page', locale: 'en-us', title: 'T' }],
    },
  },
  {
    // It names no release.
    call: 'bulkOperation().addItems({data})',
    ...{ method: 'POST', url: '/bulk/release/items', status: 422 },
    body: { items: [{ uid: '{entry}', content_type: 'page' }] },
  },
  {
    call: 'bulkOperation().updateItems({data:{release,items:["$all"]},bulk_version:"2.0"})',
    ...{ method: 'PUT', url: '/bulk/release/update_items', status: 200, reads: 'job_id' },
    notice: 'Your update release items to latest version request is in progress.',
    headers: { bulk_version: '2.0' },
    body: { release: '{release}', action: 'publish', locale: ['en-us'], reference: true, items: ['$all'] },
  },
  {
    call: 'bulkOperation().publish({details,...})',
    ...{ method: 'POST', url: '/bulk/publish', status: 200, reads: 'job_id' },
    notice: 'Your bulk publish request is in progress. Please check publish queue for more details.',
    body: {
      entries: [{ uid: '{entry}', content_type: 'page', version: 1, locale: 'en-us' }],
      ...{ assets: [{ uid: '{asset}' }], locales: ['en-us'], environments: ['staging'] },
    },
  },
  {
    call: 'bulkOperation().publish({details,is_nested,api_version,publishAllLocalized})',
    ...{ method: 'POST', status: 200, reads: 'job_id', headers: { api_version: '3.2' } },
    url: '/bulk/publish?nested=true&event_type=bulk&publish_all_localized=true',
    body: {
      entries: [{ uid: '{entry}', content_type: 'page', version: 1, locale: 'en-us' }],
      ...{ locales: ['en-us'], environments: ['staging'] },
    },
  },
  {
    call: 'bulkOperation().unpublish({details})',
    ...{ method: 'POST', url: '/bulk/unpublish', status: 200, reads: 'job_id' },
    body: {
      entries: [{ uid: '{entry}', content_type: 'page', locale: 'en-us' }],
      ...{ locales: ['en-us'], environments: ['staging'] },
    },
  },
  {
    call: 'bulkOperation().delete({details})',
    ...{ method: 'POST', url: '/bulk/delete', status: 200, reads: 'job_id' },
    body: { entries: [{ uid: '{entry}', content_type: 'page', locale: 'en-us' }] },
  },
  {
    call: 'bulkOperation().update(body)',
    ...{ method: 'POST', url: '/bulk/workflow', status: 404 },
    body: {
      entries: [{ uid: '{entry}', content_type: 'page', locale: 'en-us' }],
      workflow: { workflow_stage: { uid: 'stage1' } },
    },
  },
  {
    call: 'branch().create({branch})',
    ...{ method: 'POST', url: '/stacks/branches', status: 201, reads: 'branch' },
    notice: 'Your branch creation is in progress. Please refresh in a while.',
    body: { branch: { uid: 'dev', source: 'main' } },
  },
  { call: 'branch().query().find()', method: 'GET', url: '/stacks/branches', status: 200, reads: 'branches' },
  { call: 'branch(uid).fetch()', method: 'GET', url: '/stacks/branches/main', status: 200, reads: 'branch' },
  {
    call: 'branch(uid).delete()',
    ...{ method: 'DELETE', url: '/stacks/branches/dev?force=true', status: 200 },
    notice: 'Your branch deletion is in progress. Please refresh in a while.',
  },
  {
    call: 'webhook().create()',
    ...{ method: 'POST', url: '/webhooks', status: 201, reads: 'webhook' },
    body: {
      webhook: {
        ...{ name: 'W', channels: ['releases.create'], retry_policy: 'manual', disabled: false },
        destinations: [{ target_url: 'http://example.com', custom_header: [] }],
      },
    },
  },
  {
    call: 'organization(uid).stacks()',
    ...{ method: 'GET', url: '/organizations/blt0123456789abcdef/stacks', status: 200, reads: 'stacks' },
    headers: { api_key: '' },
  },
  {
    call: 'role().create({role})',
    ...{ method: 'POST', url: '/roles', status: 404 },
    body: { role: { name: 'R', description: 'd', rules: [{ module: 'branch', branches: ['main'] }] } },
  },
  { call: 'workflow().create()', method: 'POST', url: '/workflows', status: 404, body: { workflow: {} } },
  { call: 'role().fetchAll()', method: 'GET', url: '/roles', status: 200, reads: 'roles' },
]
