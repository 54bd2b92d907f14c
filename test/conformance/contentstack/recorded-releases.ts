/**
 * The requests that the vendor's JavaScript SDKs send, as they were recorded: the shapes only. `{release}`, `{entry}`
 * and `{asset}` stand for the uid of a fresh one; the body's `{other}` for a name that nothing has yet.
 */
export interface Recorded {
  call: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  body?: unknown
  headers?: Record<string, string>
  status: number
  /** The exact notice, where there is one. */
  notice?: string
  /** The key of the body that the SDK reads. */
  reads?: string
}

const v2 = { release_version: '2.0' }
const item = { version: 1, uid: '{entry}', content_type_uid: 'page', action: 'publish', locale: 'en-us' }
const file = {
  version: 1,
  uid: '{asset}',
  content_type_uid: 'built_io_upload',
  action: 'publish',
  locale: 'en-us',
}
const named = { uid: '{entry}', locale: 'en-us' }
const release = '/releases/{release}'
const added = 'Item(s) to be added to the release has been sent successfully.'
const moved = 'Release items moved successfully!'
const removed = 'Item(s) send to remove from release successfully.'
const deployed = 'Release sent successfully for deployment.'

/** Users, releases and their items. */
export const recordedReleases: Recorded[] = [
  { call: 'getUser()', method: 'GET', url: '/user', status: 200, reads: 'user' },

  {
    call: 'release().create({release})',
    ...{
      method: 'POST',
      url: '/releases',
      status: 201,
      notice: 'Release created successfully.',
      reads: 'release',
    },
    body: { release: { name: '{other}', description: '2018-12-12', locked: false, archived: false } },
  },
  {
    call: 'release().create({release},{include_branch:true})',
    ...{ method: 'POST', url: '/releases?include_branch=true', status: 201, reads: 'release' },
    body: { release: { name: 'R' } },
  },
  { call: 'release().query().find()', method: 'GET', url: '/releases', status: 200, reads: 'releases' },
  {
    call: 'release().query({…}).find()',
    ...{ method: 'GET', status: 200, reads: 'count' },
    url: '/releases?include_count=true&include_items_count=true&limit=5&skip=0',
  },
  {
    call: 'release().query({query:{name}}).find()',
    ...{ method: 'GET', status: 200, reads: 'releases' },
    url: '/releases?&query=%7B%22name%22%3A%22First%20release%22%7D',
  },
  {
    call: 'release().query().count()',
    method: 'GET',
    url: '/releases?count=true',
    status: 200,
    reads: 'releases',
  },
  {
    call: 'release().query().findOne()',
    method: 'GET',
    url: '/releases?limit=1',
    status: 200,
    reads: 'releases',
  },
  { call: 'release(uid).fetch()', method: 'GET', url: release, status: 200, reads: 'release' },
  {
    call: 'release(uid).fetch({include_branch:true})',
    ...{ method: 'GET', url: `${release}?include_branch=true`, status: 200, reads: 'release' },
  },
  {
    call: 'fetched.update()',
    ...{
      method: 'PUT',
      url: release,
      status: 200,
      notice: 'Release updated successfully.',
      reads: 'release',
    },
    body: {
      release: {
        ...{ name: 'New name', description: 'D', locked: false, status: [], _deploy_latest: false },
        items: [
          { stackHeaders: { api_key: 'blt' }, ...item, title: 'T', urlPath: 'releases/{release}/items' },
        ],
      },
    },
  },
  {
    call: 'Object.assign(release(uid),{name,description}).update()',
    ...{ method: 'PUT', url: release, status: 200, reads: 'release' },
    body: { release: { name: 'N', description: 'D' } },
  },
  {
    call: 'Object.assign(release(uid),{locked:true}).update()',
    ...{ method: 'PUT', url: release, status: 200, reads: 'release' },
    body: { release: { locked: true } },
  },
  {
    call: 'release(uid).delete()',
    ...{ method: 'DELETE', url: release, status: 200, notice: 'Release deleted successfully.' },
  },
  {
    call: 'deploy({environments,locales,scheduledAt,action})',
    ...{ method: 'POST', url: `${release}/deploy`, status: 200, notice: deployed },
    body: {
      release: {
        ...{ environments: ['production', 'staging'], locales: ['en-us', 'fr-fr'], action: 'publish' },
        scheduledAt: '2018-12-12T13:13:13.122Z',
      },
    },
  },
  {
    call: 'deploy({environments})',
    ...{ method: 'POST', url: `${release}/deploy`, status: 200, notice: deployed },
    body: { release: { environments: ['production'] } },
  },
  { call: 'deploy({release})', method: 'POST', url: `${release}/deploy`, status: 422, body: { release: {} } },
  {
    call: 'addHeaderDict({release_version}).deploy({environments})',
    ...{ method: 'POST', url: `${release}/deploy`, status: 200, notice: deployed, headers: v2 },
    body: { release: { environments: ['production'] } },
  },
  {
    call: 'clone({name,description})',
    ...{ method: 'POST', url: `${release}/clone`, status: 201, reads: 'release' },
    ...{ notice: 'Release cloned successfully.' },
    body: { release: { name: 'New Name', description: 'New Description' } },
  },
  { call: 'clone({release})', method: 'POST', url: `${release}/clone`, status: 422, body: { release: {} } },

  {
    call: 'item().create({item})',
    ...{ method: 'POST', url: `${release}/item`, status: 201, reads: 'release' },
    ...{ notice: 'Item added to release successfully.', body: { item } },
  },
  {
    call: 'item().create({items})',
    ...{ method: 'POST', url: `${release}/items`, status: 201, reads: 'release', notice: added },
    body: { items: [item, file] },
  },
  {
    call: '.NET: Item().Create',
    ...{ method: 'POST', url: `${release}/items`, status: 201, reads: 'release', body: { item } },
  },
  {
    call: 'item().create({item,release_version})',
    ...{ method: 'POST', url: `${release}/item`, status: 201, reads: 'release', headers: v2 },
    body: { item: { ...item, title: 'T' }, release_version: '2.0' },
  },
  {
    call: 'item().create({items,release_version})',
    ...{ method: 'POST', url: `${release}/items`, status: 201, reads: 'release', headers: v2 },
    body: { items: [item], release_version: '2.0' },
  },
  { call: 'item().findAll()', method: 'GET', url: `${release}/items`, status: 200, reads: 'items' },
  {
    call: 'item().findAll({include_count,limit,skip})',
    ...{
      method: 'GET',
      url: `${release}/items?include_count=true&limit=10&skip=0`,
      status: 200,
      reads: 'count',
    },
  },
  {
    call: 'item().findAll({release_version})',
    ...{ method: 'GET', url: `${release}/items`, status: 200, reads: 'items', headers: v2 },
  },
  { call: 'item() again: findAll()', method: 'GET', url: `${release}/item`, status: 200, reads: 'items' },
  {
    call: 'item().delete({items})',
    ...{ method: 'DELETE', url: `${release}/items`, status: 200, notice: removed, body: { items: [item] } },
  },
  {
    call: 'item() again: delete({items})',
    ...{ method: 'DELETE', url: `${release}/item`, status: 200, notice: removed, body: { items: [item] } },
  },
  {
    call: 'item().delete({})',
    ...{
      method: 'DELETE',
      url: `${release}/items?all=true`,
      status: 200,
      notice: removed,
      body: { items: [] },
    },
  },
  {
    call: 'item().delete({release_version})',
    ...{ method: 'DELETE', url: `${release}/items?all=true`, status: 200, headers: v2 },
    ...{ notice: 'Items deleted from release successfully!', body: { release_version: '2.0', items: [] } },
  },
  {
    call: 'item().delete({item,release_version})',
    ...{ method: 'DELETE', url: `${release}/item`, status: 200, headers: v2 },
    ...{ notice: 'Item deleted from release successfully!', body: { item: named, release_version: '2.0' } },
  },
  {
    call: 'item().delete({items,release_version})',
    ...{ method: 'DELETE', url: `${release}/items`, status: 200, headers: v2 },
    ...{
      notice: 'Items deleted from release successfully!',
      body: { items: [named], release_version: '2.0' },
    },
  },
  {
    call: 'item().move({param,release_version})',
    ...{ method: 'PUT', url: `${release}/items/move`, status: 200, notice: moved, headers: v2 },
    body: { release_uid: '{target}', items: [named] },
  },
  {
    call: 'item().move({param:{items:["$all"]}})',
    ...{ method: 'PUT', url: `${release}/items/move`, status: 200, notice: moved },
    body: { release_uid: '{target}', items: ['$all'] },
  },
  {
    call: 'item() again: move({param})',
    ...{ method: 'PUT', url: `${release}/item/move`, status: 200, notice: moved },
    body: { release_uid: '{target}', items: [named] },
  },
  {
    call: 'Java, Python: move',
    ...{ method: 'POST', url: `${release}/items/move`, status: 200, notice: moved },
    body: { release_uid: '{target}', items: [named] },
  },
  {
    call: 'Python: update_items',
    ...{
      method: 'PUT',
      url: `${release}/update_items`,
      status: 200,
      reads: 'release',
      body: { items: ['$all'] },
    },
    notice: 'Release items updated to their latest versions successfully.',
  },
]
