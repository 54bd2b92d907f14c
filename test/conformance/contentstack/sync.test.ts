import { test, type TestContext } from 'node:test'
import { openStack, settled, upload, type Answer, type TestStack } from './open-stack.ts'

const entries = '/content_types/page/entries'

async function write({ ask }: TestStack, entry: object): Promise<string> {
  const { status, body } = await ask('POST', entries, { entry })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.entry.uid
}

/** What a page of a sync tells, in short. */
function told({
  items,
}: {
  items: { type: string; content_type_uid: string; data: { uid: string; locale?: string } }[]
}) {
  return items.map(({ type, content_type_uid, data }) => [type, content_type_uid, data.uid].join(' '))
}

test('the vendor’s reader syncs what was deployed: all of it, page by page, and then what changed', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house, authtoken, api_key } = stack
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  const uids: string[] = []
  for (let n = 0; n < 104; n += 1) uids.push(await write(stack, { title: `Page ${n}`, picture: asset.uid }))
  const made = await ask('POST', '/releases', { release: { name: 'All', description: '' } })
  const release = made.body.release.uid
  const items = [
    ...uids.map((uid) => ({ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' })),
    { uid: asset.uid, version: 1, locale: 'en-us', content_type_uid: 'built_io_upload', action: 'publish' },
  ]
  for (const some of [items.slice(0, 60), items.slice(60)]) {
    const added = await ask('POST', `/releases/${release}/items`, { items: some }, { release_version: '2.0' })
    t.assert.ok(added.status < 300, JSON.stringify(added.body))
  }
  const deploy = { release: { environments: ['production'], locales: ['en-us'], action: 'publish' } }
  t.assert.ok((await ask('POST', `/releases/${release}/deploy`, deploy)).status < 300)
  await settled(stack)

  const reader = await stack.reader('production')
  const first = await reader.sync({ init: true })
  t.assert.deepEqual([first.items.length, first.total_count], [100, 105])
  t.assert.equal(first.sync_token, undefined)
  const second = await reader.sync({ pagination_token: first.pagination_token })
  t.assert.deepEqual([second.items.length, second.total_count], [5, 105])
  t.assert.equal(second.pagination_token, undefined)
  const all = [...told(first), ...told(second)]
  t.assert.deepEqual(
    all.toSorted(),
    [
      ...uids.map((uid) => `entry_published page ${uid}`),
      `asset_published sys_assets ${asset.uid}`,
    ].toSorted(),
  )
  const [one] = second.items
  t.assert.deepEqual(
    [one.data._version, one.data.picture.uid, one.data.publish_details.locale],
    [1, asset.uid, 'en-us'],
  )
  t.assert.equal(one.event_at, one.data.publish_details.time)
  t.assert.deepEqual(told(await reader.sync({ sync_token: second.sync_token })), [])

  const [changed, unpublished, deleted] = uids
  await ask('PUT', `${entries}/${changed}`, { entry: { title: 'Changed' } })
  const production = { environments: ['production'], locales: ['en-us'] }
  await ask('POST', `${entries}/${changed}/publish`, { entry: production })
  await settled(stack)
  await ask('PUT', `${entries}/${changed}`, { entry: { title: 'Changed again' } })
  await ask('POST', `${entries}/${changed}/publish`, { entry: production })
  await ask('POST', `${entries}/${unpublished}/unpublish`, { entry: production })
  await ask('DELETE', `${entries}/${deleted}`)
  await ask('DELETE', `/assets/${asset.uid}`)
  const type = {
    title: 'Note',
    uid: 'note',
    schema: [{ display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true }],
  }
  await ask('POST', '/content_types', { content_type: type })
  t.assert.ok((await ask('DELETE', '/content_types/note?force=true')).status < 300)
  await settled(stack)
  const third = await reader.sync({ sync_token: second.sync_token })
  t.assert.deepEqual(told(third), [
    'content_type_deleted note ',
    ...[`entry_published page ${changed}`, `entry_unpublished page ${unpublished}`],
    ...[`entry_deleted page ${deleted}`, `asset_deleted sys_assets ${asset.uid}`],
  ])
  const [, latest, , gone] = third.items
  t.assert.deepEqual([latest.data.title, latest.data._version], ['Changed again', 3])
  const { environment } = (await ask('GET', '/environments/production')).body
  t.assert.deepEqual(gone.data, {
    uid: deleted,
    locale: 'en-us',
    environment: environment.uid,
    content_type_uid: 'page',
  })
})

test('a sync is bound to what it began with, and says what is wrong', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, deliver } = stack
  const uid = await write(stack, { title: 'Hello' })
  const where = { environments: ['production', 'staging'], locales: ['en-us', 'fr-fr'] }
  await ask('POST', `${entries}/${uid}/publish`, { entry: where })
  await settled(stack)
  const sync = (query: string, environment = 'production') => deliver(environment, `/stacks/sync?${query}`)
  const count = async (query: string) => (await sync(`init=true&${query}`)).body.items.length
  t.assert.equal(await count(''), 2)
  t.assert.equal(await count('locale=fr-fr'), 1)
  t.assert.equal(await count('locale=en-us,fr-fr&content_type_uid=page'), 2)
  t.assert.equal(await count('content_type_uid=sys_assets'), 0)
  t.assert.equal(await count('type=entry_published,asset_published'), 2)
  t.assert.equal(await count('type=asset_published'), 0)
  t.assert.equal(await count('start_from=2020-01-01'), 2)
  t.assert.equal(await count(`start_date=${new Date(Date.now() + 86_400_000).toISOString()}`), 0)
  t.assert.equal(await count('locale=fr-fr&include_fallback=true'), 1)

  const refused = ({ status, body }: Answer) => [status, body.error_code, ...Object.keys(body.errors ?? {})]
  const wrong: [string, string][] = [
    ['', 'init'],
    ['init=maybe', 'init'],
    ['init=true&type=entry_moved', 'type'],
    ['init=true&locale=xx', 'locale'],
    ['init=true&content_type_uid=none', 'content_type_uid'],
    ['init=true&start_from=soon', 'start_from'],
    ['init=true&locale=en-us,fr-fr&include_fallback=true', 'include_fallback'],
    ['sync_token=bltforged', 'sync_token'],
    ['pagination_token=v1.a.b', 'pagination_token'],
    ['sync_token=%F0%9F%92%A5', 'sync_token'],
  ]
  for (const [query, field] of wrong) t.assert.deepEqual(refused(await sync(query)), [422, 141, field], query)

  const { sync_token, skip, limit } = (await sync('init=true&locale=fr-fr')).body
  t.assert.deepEqual([skip, limit], [0, 100])
  const elsewhere = await sync(`sync_token=${sync_token}`, 'staging')
  t.assert.deepEqual(refused(elsewhere), [422, 141, 'environment'])
  // One delivery token for both environments need not name the one that the sync began with.
  const onMain = { module: 'branch', branches: ['main'], acl: { read: true } }
  const scope = [{ module: 'environment', environments: where.environments, acl: { read: true } }, onMain]
  const both = (await ask('POST', '/stacks/delivery_tokens', { token: { name: 'Both', scope } })).body.token
    .token
  const carriesOn = await ask('GET', `/stacks/sync?sync_token=${sync_token}`, undefined, {
    authtoken: '',
    access_token: both,
  })
  t.assert.deepEqual([carriesOn.status, carriesOn.body.items], [200, []])
  const other = await ask('POST', '/stacks', { stack: { name: 'Other', master_locale: 'en-us' } })
  const keys = { api_key: other.body.stack.api_key }
  await ask('POST', '/environments', { environment: { name: 'production' } }, keys)
  const only = [{ module: 'environment', environments: ['production'], acl: { read: true } }, onMain]
  const made = await ask('POST', '/stacks/delivery_tokens', { token: { name: 'Site', scope: only } }, keys)
  const asOther = { ...keys, authtoken: '', access_token: made.body.token.token }
  const stolen = await ask(
    'GET',
    `/stacks/sync?environment=production&sync_token=${sync_token}`,
    undefined,
    asOther,
  )
  t.assert.deepEqual(refused(stolen), [422, 141, 'sync_token'])
})
