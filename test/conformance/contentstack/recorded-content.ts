import type { Recorded } from './recorded-releases.ts'

const entry = '/content_types/page/entries/{entry}'

/** Content and what stands around it; at the end what is not built. */
export const recordedContent: Recorded[] = [
  {
    call: 'contentType().create({content_type})',
    ...{ method: 'POST', url: '/content_types', status: 201, notice: 'Content Type created successfully.' },
    body: {
      content_type: {
        ...{ title: '{other}', uid: '{other}' },
        schema: [
          {
            ...{ display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true },
            field_metadata: { _default: true },
          },
        ],
      },
    },
  },
  {
    call: 'contentType().query().find()',
    method: 'GET',
    url: '/content_types',
    status: 200,
    reads: 'content_types',
  },
  {
    call: 'contentType(uid).fetch({include_global_field_schema})',
    ...{ method: 'GET', status: 200, reads: 'content_type' },
    url: '/content_types/page?include_global_field_schema=true',
  },
  {
    call: 'fetched.update()',
    ...{ method: 'PUT', url: '/content_types/page', status: 422 },
    body: { content_type: { title: 'Page', schema: [] } },
  },
  {
    call: 'contentType(uid).references()',
    ...{ method: 'GET', url: '/content_types/page/references', status: 200, reads: 'references' },
  },

  {
    call: 'entry().create({entry})',
    ...{ method: 'POST', url: '/content_types/page/entries', status: 201, reads: 'entry' },
    ...{ notice: 'Entry created successfully.', body: { entry: { title: '{other}' } } },
  },
  {
    call: 'entry().create({entry},{locale})',
    ...{ method: 'POST', url: '/content_types/page/entries?locale=fr-fr', status: 201, reads: 'entry' },
    body: { entry: { title: '{other}' } },
  },
  { call: 'entry(uid).fetch()', method: 'GET', url: entry, status: 200, reads: 'entry' },
  {
    call: 'entry(uid).fetch({version,locale,include_publish_details})',
    ...{ method: 'GET', status: 200, reads: 'entry' },
    url: `${entry}?version=1&locale=fr-fr&include_publish_details=true`,
  },
  {
    call: 'fetched.update()',
    ...{ method: 'PUT', url: entry, status: 200, notice: 'Entry updated successfully.', reads: 'entry' },
    body: { entry: { content_type_uid: 'page', title: '{other}', locale: 'en-us', _version: 1 } },
  },
  {
    call: 'fetched.update({locale})',
    ...{ method: 'PUT', url: `${entry}?locale=fr-fr`, status: 200, reads: 'entry' },
    body: { entry: { content_type_uid: 'page', title: '{other}', locale: 'en-us', _version: 1 } },
  },
  {
    call: 'entry().query({…}).find()',
    ...{ method: 'GET', status: 200, reads: 'count' },
    url: '/content_types/page/entries?include_count=true&limit=2&skip=0&query=%7B%22title%22%3A%22T%22%7D',
  },
  {
    call: 'entry(uid).delete()',
    ...{ method: 'DELETE', url: entry, status: 200, notice: 'Entry deleted successfully.' },
  },
  {
    call: 'entry(uid).publish({…})',
    ...{ method: 'POST', url: `${entry}/publish`, status: 201 },
    notice: 'The requested action has been performed.',
    body: {
      ...{ entry: { environments: ['production'], locales: ['en-us'] }, locale: 'en-us', version: 1 },
      scheduled_at: '{soon}',
    },
  },
  {
    call: 'entry(uid).unpublish({…})',
    ...{ method: 'POST', url: `${entry}/unpublish`, status: 201 },
    body: { entry: { environments: ['production'], locales: ['en-us'] }, locale: 'en-us', version: 1 },
  },
  {
    call: 'entry(uid).setWorkflowStage({…})',
    ...{ method: 'POST', url: `${entry}/workflow?locale=en-us`, status: 404 },
    body: { workflow: { workflow_stage: { comment: 'c', notify: false, uid: 'stage1' } } },
  },
  { call: 'entry(uid).locales()', method: 'GET', url: `${entry}/locales`, status: 200, reads: 'locales' },
  {
    call: 'entry(uid).references()',
    method: 'GET',
    url: `${entry}/references`,
    status: 200,
    reads: 'references',
  },

  {
    call: 'asset(uid).fetch({version})',
    method: 'GET',
    url: '/assets/{asset}?version=1',
    status: 200,
    reads: 'asset',
  },
  {
    call: 'asset().query().find()',
    method: 'GET',
    url: '/assets?include_count=true',
    status: 200,
    reads: 'count',
  },
  {
    call: 'fetched.update()',
    ...{
      method: 'PUT',
      url: '/assets/{asset}',
      status: 200,
      notice: 'Asset updated successfully.',
      reads: 'asset',
    },
    body: {
      asset: {
        ...{
          filename: 'f.txt',
          url: 'http://x/f.txt',
          content_type: 'text/plain',
          file_size: '3',
          _version: 1,
        },
        title: 'Z',
      },
    },
  },
  {
    call: 'asset(uid).publish({…})',
    ...{ method: 'POST', url: '/assets/{asset}/publish', status: 201, notice: 'Asset sent for publishing.' },
    body: { asset: { environments: ['production'], locales: ['en-us'] }, version: 1 },
  },
  {
    call: 'asset(uid).unpublish({…})',
    ...{
      method: 'POST',
      url: '/assets/{asset}/unpublish',
      status: 201,
      notice: 'Asset sent for unpublishing.',
    },
    body: { asset: { environments: ['production'], locales: ['en-us'] } },
  },
  {
    call: 'asset(uid).delete()',
    ...{ method: 'DELETE', url: '/assets/{asset}', status: 200, notice: 'Asset deleted successfully.' },
  },
  {
    call: 'folder().create({asset})',
    ...{
      method: 'POST',
      url: '/assets/folders',
      status: 201,
      reads: 'asset',
      body: { asset: { name: 'Folder' } },
    },
  },

  {
    call: 'environment().create({environment})',
    ...{ method: 'POST', url: '/environments', status: 201, notice: 'Environment created successfully.' },
    body: {
      environment: {
        ...{ name: 'development', deploy_content: true },
        urls: [{ locale: 'en-us', url: 'http://example.com/' }],
      },
    },
  },
  {
    call: 'environment().query().find()',
    method: 'GET',
    url: '/environments',
    status: 200,
    reads: 'environments',
  },
  {
    call: 'environment(name).fetch()',
    ...{ method: 'GET', url: '/environments/development', status: 200, reads: 'environment' },
  },
  {
    call: 'fetched.update()',
    ...{
      method: 'PUT',
      url: '/environments/development',
      status: 200,
      notice: 'Environment updated successfully.',
    },
    body: { environment: { name: 'dev2', code: 'fr-fr', urls: [], token: 'cstok' } },
  },
  {
    call: 'environment(name).delete()',
    ...{
      method: 'DELETE',
      url: '/environments/dev2',
      status: 200,
      notice: 'Environment deleted successfully.',
    },
  },

  {
    call: 'locale().create({locale})',
    ...{
      method: 'POST',
      url: '/locales',
      status: 201,
      notice: 'Language added successfully.',
      reads: 'locale',
    },
    body: { locale: { code: 'de-de', fallback_locale: 'en-us' } },
  },
  { call: 'locale().query().find()', method: 'GET', url: '/locales', status: 200, reads: 'locales' },
  { call: 'locale(code).fetch()', method: 'GET', url: '/locales/de-de', status: 200, reads: 'locale' },
  {
    call: 'locale(code).delete()',
    ...{ method: 'DELETE', url: '/locales/de-de', status: 200, notice: 'Language removed successfully.' },
  },

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
