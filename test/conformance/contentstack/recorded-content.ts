import type { Recorded } from './recorded-releases.ts'

const entry = '/content_types/page/entries/{entry}'

/** Content types, entries, assets, environments and languages. */
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
]
