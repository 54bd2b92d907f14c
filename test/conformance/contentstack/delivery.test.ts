import { test, type TestContext } from 'node:test'
import { settled, sharedStack, type TestStack, upload } from './open-stack.ts'

const openStack = sharedStack()

const entries = '/content_types/page/entries'

async function write({ ask }: TestStack, entry: object, query = ''): Promise<string> {
  const { status, body } = await ask('POST', `${entries}${query}`, { entry })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.entry.uid
}

/** Publishes to production and waits until it is served there. */
async function publish(stack: TestStack, uid: string, body: object = {}, locale = 'en-us'): Promise<void> {
  const sent = { entry: { environments: ['production'], locales: [locale] }, ...body }
  const { status, body: said } = await stack.ask('POST', `${entries}/${uid}/publish`, sent)
  if (status !== 201) throw new Error(JSON.stringify(said))
  await settled(stack)
}

test('the delivery API serves what is published, as it was published', async (t: TestContext) => {
  const stack = await openStack()
  const { deliver } = stack
  const one = await write(stack, { title: 'One', body: 'first', price: 3, tags: ['a'] })
  const two = await write(stack, { title: 'Two', body: 'second', price: 5 })
  await write(stack, { title: 'Draft' })
  await publish(stack, one)
  await publish(stack, two)
  await stack.ask('PUT', `${entries}/${one}`, { entry: { title: 'One, edited' } })

  const { status, body } = await deliver('production', `${entries}/${one}`)
  t.assert.equal(status, 200)
  t.assert.deepEqual(
    { ...body.entry, created_at: 0, updated_at: 0, created_by: 0, updated_by: 0, publish_details: 0 },
    {
      ...{
        title: 'One',
        body: 'first',
        price: 3,
        tags: ['a'],
        uid: one,
        locale: 'en-us',
        _version: 1,
        ACL: {},
      },
      ...{
        created_at: 0,
        updated_at: 0,
        created_by: 0,
        updated_by: 0,
        _in_progress: false,
        publish_details: 0,
      },
    },
  )
  const { environment } = (await stack.ask('GET', '/environments/production')).body
  const { environment: where, locale } = body.entry.publish_details
  t.assert.deepEqual([where, locale], [environment.uid, 'en-us'])
  t.assert.equal((await deliver('staging', `${entries}/${one}`)).body.error_code, 141)

  const list = async (query: string): Promise<string[]> =>
    (await deliver('production', `${entries}/?${query}`)).body.entries.map(
      ({ title }: { title: string }) => title,
    )
  t.assert.deepEqual((await list('')).toSorted(), ['One', 'Two'])
  t.assert.deepEqual(await list('asc=title'), ['One', 'Two'])
  t.assert.deepEqual(await list('desc=price'), ['Two', 'One'])
  t.assert.deepEqual(await list('asc=title&skip=1&limit=1'), ['Two'])
  t.assert.deepEqual(await list(`query=${encodeURIComponent('{"price":{"$gt":4}}')}`), ['Two'])
  t.assert.deepEqual(await list(`query=${encodeURIComponent('{"$or":[{"title":"One"},{"price":9}]}')}`), [
    'One',
  ])
  t.assert.deepEqual(await list(`query=${encodeURIComponent(JSON.stringify({ uid: { $in: [two] } }))}`), [
    'Two',
  ])
  t.assert.equal((await deliver('production', `${entries}?include_count=true&limit=1`)).body.count, 2)
  t.assert.deepEqual((await deliver('production', `${entries}?count=true`)).body, { entries: 2 })
  const narrow = (await deliver('production', `${entries}/${one}?only%5BBASE%5D%5B%5D=title`)).body.entry
  t.assert.deepEqual(narrow, { title: 'One', uid: one })
  const except = (await deliver('production', `${entries}/${one}?except%5BBASE%5D%5B%5D=body`)).body.entry
  t.assert.ok(!('body' in except) && except.title === 'One')

  const types = await deliver('production', '/content_types')
  t.assert.deepEqual(
    types.body.content_types.map(({ uid }: { uid: string }) => uid),
    ['page'],
  )
  t.assert.equal(
    (await deliver('production', '/content_types/page')).body.content_type.schema[0].uid,
    'title',
  )
  t.assert.equal((await deliver('production', '/content_types/none')).body.error_code, 118)
})

test('files are carried, references when they are asked for, and what is not live is left out', async (t) => {
  const stack = await openStack()
  const { deliver, house, authtoken, api_key } = stack
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  const far = await write(stack, { title: 'Far' })
  const near = await write(stack, { title: 'Near', related: [{ uid: far, _content_type_uid: 'page' }] })
  const draft = await write(stack, { title: 'Draft' })
  const related = [near, draft].map((uid) => ({ uid, _content_type_uid: 'page' }))
  const top = await write(stack, { title: 'Top', picture: asset.uid, related })
  for (const uid of [far, near, top]) await publish(stack, uid)

  const read = async (query = '') => (await deliver('production', `${entries}/${top}${query}`)).body.entry
  t.assert.equal((await read()).picture, null, 'the asset is not live yet')
  await stack.ask('POST', `/assets/${asset.uid}/publish`, { asset: { environments: ['production'] } })
  await settled(stack)
  const plain = await read()
  t.assert.deepEqual([plain.picture.uid, plain.picture.filename], [asset.uid, 'hello.txt'])
  t.assert.equal(await (await fetch(plain.picture.url)).text(), 'hello')
  t.assert.deepEqual(plain.related, related, 'not asked for: as it was written')

  const carried = await read('?include%5B%5D=related')
  t.assert.deepEqual(
    carried.related.map(({ title }: { title: string }) => title),
    ['Near'],
  )
  t.assert.equal(carried.related[0]._content_type_uid, 'page')
  t.assert.deepEqual(carried.related[0].related, [{ uid: far, _content_type_uid: 'page' }])
  const deep = await read('?include%5B%5D=related.related')
  t.assert.equal(deep.related[0].related[0].title, 'Far')

  const draftOf = await stack.ask('GET', `${entries}/${top}`)
  t.assert.equal(draftOf.body.entry.picture.filename, 'hello.txt', 'the management API carries files too')
  t.assert.deepEqual(draftOf.body.entry.related, related)
  const pointing = await stack.ask('GET', `${entries}/${far}/references`)
  t.assert.deepEqual(
    pointing.body.references.map(({ entry_uid }: { entry_uid: string }) => entry_uid),
    [near],
  )
})

test('what is included is bounded: in depth, in paths and in all', async (t: TestContext) => {
  const stack = await openStack()
  const self = await write(stack, { title: 'Self' })
  const related = Array.from({ length: 8 }, () => ({ uid: self, _content_type_uid: 'page' }))
  await stack.ask('PUT', `${entries}/${self}`, { entry: { related } })
  await publish(stack, self)
  const read = (paths: string[], one = `/${self}`) =>
    stack.deliver('production', `${entries}${one}?${paths.map((path) => `include[]=${path}`).join('&')}`)
  const deep = (depth: number) => Array.from({ length: depth }, () => 'related').join('.')
  const depths = async (depth: number, one?: string) => {
    const { status, body } = await read([deep(depth)], one)
    return [status, body.error_code, Object.keys(body.errors ?? {})]
  }
  t.assert.deepEqual(await depths(4), [200, undefined, []], '8 + 64 + 512 + 4,096 objects')
  t.assert.deepEqual(await depths(5), [422, 141, ['include']], 'and 32,768')
  t.assert.deepEqual(await depths(5, ''), [422, 141, ['include']])
  t.assert.deepEqual(await depths(6), [422, 141, ['include']])
  t.assert.equal((await read(Array.from({ length: 50 }, (_, n) => `x${n}`))).status, 200)
  t.assert.equal((await read(Array.from({ length: 51 }, (_, n) => `x${n}`))).status, 422)
})

test('each language is published for itself, and falls back when the reader asks', async (t: TestContext) => {
  const stack = await openStack()
  const { ask, deliver } = stack
  const uid = await write(stack, { title: 'Hello', body: 'English' })
  await publish(stack, uid)
  const french = `${entries}/${uid}?locale=fr-fr`
  t.assert.equal((await deliver('production', french)).status, 422)
  t.assert.equal((await deliver('production', `${french}&include_fallback=true`)).body.entry.locale, 'en-us')

  const localised = await ask('PUT', french, { entry: { title: 'Bonjour' } })
  t.assert.deepEqual([localised.body.entry._version, localised.body.entry.body], [1, 'English'])
  await ask('PUT', french, { entry: { title: 'Salut' } })
  t.assert.equal((await deliver('production', french)).status, 422, 'written is not published')
  await publish(stack, uid, { locale: 'fr-fr', version: 1 }, 'fr-fr')
  t.assert.equal((await deliver('production', french)).body.entry.title, 'Bonjour')
  // The version is the master's; French counts its own, and its latest is meant.
  await publish(stack, uid, { locale: 'en-us', version: 1 }, 'fr-fr')
  t.assert.equal((await deliver('production', french)).body.entry.title, 'Salut')

  const locales = (await ask('GET', `${entries}/${uid}/locales`)).body.locales
  t.assert.deepEqual(locales, [
    { code: 'en-us', localized: true },
    { code: 'fr-fr', localized: true },
  ])
  t.assert.equal((await ask('POST', `${entries}/${uid}/unlocalize?locale=fr-fr`, {})).status, 200)
  t.assert.equal((await ask('GET', french)).body.entry.title, 'Hello')
  const unpublish = { entry: { environments: ['production'], locales: ['fr-fr'] } }
  await ask('POST', `${entries}/${uid}/unpublish`, unpublish)
  await settled(stack)
  t.assert.equal((await deliver('production', french)).status, 422)
  t.assert.equal((await deliver('production', `${entries}/${uid}`)).body.entry.title, 'Hello')
  const details = (await ask('GET', `${entries}/${uid}?include_publish_details=true`)).body.entry
    .publish_details
  t.assert.deepEqual(
    details.map(({ locale, version }: { locale: string; version: number }) => [locale, version]),
    [['en-us', 1]],
  )
})

test('a delivery token reads its environments, and nothing else', async (t: TestContext) => {
  const stack = await openStack()
  const { ask } = stack
  const scope = [
    { module: 'environment', environments: ['staging'], acl: { read: true } },
    { module: 'branch', branches: ['main'] },
  ]
  const { token } = (await ask('POST', '/stacks/delivery_tokens', { token: { name: 'S', scope } })).body
  const only = { authtoken: '', access_token: token.token }
  t.assert.equal((await ask('GET', '/assets?environment=staging', undefined, only)).status, 200)
  t.assert.equal(
    (await ask('GET', '/assets', undefined, only)).status,
    200,
    'bound to one, it need not say which',
  )
  const elsewhere = await ask('GET', '/assets?environment=production', undefined, only)
  t.assert.deepEqual([elsewhere.status, Object.keys(elsewhere.body.errors)], [422, ['environment']])
  t.assert.deepEqual(
    await ask('GET', '/assets?environment=moon', undefined, only).then(({ status }) => status),
    422,
  )
  for (const path of ['/releases', '/environments', '/locales', '/stacks/delivery_tokens'])
    t.assert.equal((await ask('GET', path, undefined, only)).status, 401, path)
  const posing = { authtoken: '', authorization: token.token }
  t.assert.equal((await ask('GET', '/releases', undefined, posing)).status, 401)
  const gone = await ask('DELETE', `/stacks/delivery_tokens/${token.uid}`)
  t.assert.equal(gone.body.notice, 'Delivery Token deleted successfully.')
  t.assert.equal((await ask('GET', '/assets', undefined, only)).status, 401)
})

test('versions are listed, newest first, and can be named', async (t: TestContext) => {
  const stack = await openStack()
  const { ask } = stack
  const uid = await write(stack, { title: 'One' })
  for (const title of ['Two', 'Three']) await ask('PUT', `${entries}/${uid}`, { entry: { title } })
  const named = await ask('POST', `${entries}/${uid}/versions/2/name`, {
    entry: { _version_name: 'Launch', locale: 'en-us' },
  })
  t.assert.equal(named.status, 200)
  const { versions, count } = (await ask('GET', `${entries}/${uid}/versions?include_count=true`)).body
  const told = versions.map((one: Record<string, unknown>) => [one._version, one.title, one._version_name])
  t.assert.deepEqual(told, [
    [3, 'Three', undefined],
    [2, 'Two', 'Launch'],
    [1, 'One', undefined],
  ])
  t.assert.equal(count, 3)
  const again = await ask('POST', `${entries}/${uid}/versions/3/name`, { entry: { _version_name: 'Launch' } })
  t.assert.deepEqual([again.status, Object.keys(again.body.errors)], [422, ['_version_name']])
  const forced = { entry: { _version_name: 'Launch', force: true } }
  t.assert.equal((await ask('POST', `${entries}/${uid}/versions/3/name`, forced)).status, 200)
})

test("the vendor's reader reads lists, languages and assets", async (t: TestContext) => {
  const stack = await openStack()
  const { ask, house, authtoken, api_key } = stack
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  const uid = await write(stack, { title: 'One', picture: asset.uid })
  await publish(stack, uid)
  await ask('POST', `/assets/${asset.uid}/publish`, { asset: { environments: ['production'] } })
  await settled(stack)
  const reader = await stack.reader('production')
  const type = reader.ContentType('page')
  const [items, count] = await type.Query().where('title', 'One').includeCount().toJSON().find()
  t.assert.deepEqual([items.map((one: { uid: string }) => one.uid), count], [[uid], 1])
  const french = await type.Entry(uid).language('fr-fr').includeFallback().toJSON().fetch()
  t.assert.deepEqual([french.title, french.locale], ['One', 'en-us'])
  const file = await reader.Assets(asset.uid).toJSON().fetch()
  t.assert.equal(file.filename, 'hello.txt')
  const types = await reader.getContentTypes()
  t.assert.deepEqual(
    types.content_types.map((one: { uid: string }) => one.uid),
    ['page'],
  )
})
