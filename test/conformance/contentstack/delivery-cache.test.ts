import { test, type TestContext } from 'node:test'
import { openNewsroom, to } from './delivery-house.ts'

test('answers are tagged by all that is in them, may be kept for a while, and say what they are to be purged by', async (t: TestContext) => {
  const room = await openNewsroom(t)
  const { ask, write, publish, house, api_key } = room
  const acme = await write('company', { title: 'Acme' })
  const ada = await write('person', { title: 'Ada', company: to('company', acme) })
  const one = await write('article', { title: 'One', author: to('person', ada) })
  await publish('company', acme)
  await publish('person', ada)
  await publish('article', one)
  const acl = { read: true }
  const scope = [
    { module: 'environment', environments: ['production'], acl },
    { module: 'branch', branches: ['main'], acl },
  ]
  const { token } = (await ask('POST', '/stacks/delivery_tokens', { token: { name: 'Site', scope } })).body
  const { uid: production } = (await ask('GET', '/environments/production')).body.environment
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${house.url}/v3${path}`, { method, headers: { api_key, access_token: token.token, ...headers } })
  const path = `/content_types/article/entries/${one}?include[]=author.company`
  const first = await get(path)
  const tag = first.headers.get('etag') ?? ''
  t.assert.match(tag, /^W\/"[\w-]+"$/)
  t.assert.equal(
    first.headers.get('cache-control'),
    'public, max-age=0, s-maxage=10, stale-while-revalidate=60',
  )
  t.assert.match(first.headers.get('vary') ?? '', /api_key.*access_token.*branch/)
  const keys = (response: Response) => (response.headers.get('surrogate-key') ?? '').split(' ').toSorted()
  t.assert.deepEqual(
    keys(first),
    [production, ...[acme, ada, one].map((uid) => `${production}/${uid}`)].toSorted(),
  )
  t.assert.deepEqual(
    keys(await get('/content_types/company/entries')),
    [production, `${production}/${acme}`, `${production}/company`].toSorted(),
  )
  t.assert.deepEqual(keys(await get('/assets')), [production, `${production}/sys_assets`])

  for (const asked of [tag, tag.slice(2), `"x", ${tag}`, '*']) {
    const same = await get(path, { 'if-none-match': asked })
    t.assert.deepEqual([same.status, await same.text(), same.headers.get('etag')], [304, '', tag], asked)
  }
  const head = await get(path, {}, 'HEAD')
  t.assert.deepEqual([head.status, await head.text(), head.headers.get('etag')], [200, '', tag])
  t.assert.equal(head.headers.get('content-length'), String((await first.text()).length))
  t.assert.equal((await get(path, { 'if-none-match': tag }, 'HEAD')).status, 304)

  // Two references away.
  await ask('PUT', `/content_types/company/entries/${acme}`, { entry: { title: 'Acme & Co' } })
  t.assert.equal((await get(path, { 'if-none-match': tag })).status, 304, 'a draft is no change')
  await publish('company', acme)
  const changed = await get(path, { 'if-none-match': tag })
  t.assert.equal(changed.status, 200)
  t.assert.notEqual(changed.headers.get('etag'), tag)

  const origin = 'https://site.example'
  t.assert.equal((await get(path, { origin })).headers.get('access-control-allow-origin'), '*')
  const refused = await get(path, { origin, access_token: 'csno' })
  t.assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, '*'])
  const preflight = await fetch(`${house.url}/v3${path}`, { method: 'OPTIONS', headers: { origin } })
  t.assert.equal(preflight.status, 204)
  t.assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /api_key, access_token/)
  t.assert.match(preflight.headers.get('allow') ?? '', /PUT/, 'managing goes to the same address')
  t.assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, HEAD')
  const managed = await get('/releases', { origin, access_token: '', authorization: 'csno' })
  t.assert.equal(managed.headers.get('access-control-allow-origin'), null, 'who manages is no page')

  // The same address is another stack's: what is not said to be kept is kept by nobody.
  const synced = await get('/stacks/sync?init=true')
  t.assert.deepEqual([synced.status, synced.headers.get('cache-control')], [200, 'no-store'])
  t.assert.equal((await get('/releases', { access_token: '' })).headers.get('cache-control'), 'no-store')
  const missing = await get('/content_types/article/entries/blt0')
  t.assert.deepEqual([missing.status, missing.headers.get('cache-control')], [422, 'no-store'])
  const types = await get('/content_types/article')
  t.assert.equal(
    (await get('/content_types/article', { 'if-none-match': types.headers.get('etag') ?? '' })).status,
    304,
  )
})
