import { test, type TestContext } from 'node:test'
import contentstack from 'contentstack'
import { openNewsroom, to } from './delivery-house.ts'
import { settled } from './open-stack.ts'

// What the vendor's reader hands out is as loosely typed as it is written.
/* oxlint-disable typescript/no-explicit-any */

test('a preview token reads what would be live after a release, and nobody else does', async (t: TestContext) => {
  const room = await openNewsroom(t)
  const { ask, write, publish, house, api_key } = room
  const acl = { read: true }
  const scope = [
    { module: 'environment', environments: ['production'], acl },
    { module: 'branch', branches: ['main'], acl },
  ]
  const made = await ask('POST', '/stacks/delivery_tokens', { token: { name: 'Site', scope } })
  const { uid: token_uid, token: access_token } = made.body.token
  const preview = await ask('POST', `/stacks/delivery_tokens/${token_uid}/preview_token`, {})
  const { preview_token } = preview.body.token
  t.assert.equal(preview.status, 201)
  const again = await ask('POST', `/stacks/delivery_tokens/${token_uid}/preview_token`)
  t.assert.equal(again.status, 422, 'there is one already')

  const ada = await write('person', { title: 'Ada' })
  const bob = await write('person', { title: 'Bob' })
  const one = await write('article', { title: 'One', price: 1, author: to('person', ada, bob) })
  const two = await write('article', { title: 'Two', price: 2 })
  const three = await write('article', { title: 'Three', price: 3 })
  await publish('person', ada)
  for (const uid of [one, two]) await publish('article', uid)
  const edit = (type: string, uid: string, entry: object) =>
    ask('PUT', `/content_types/${type}/entries/${uid}`, { entry })
  await edit('article', one, { title: 'One, next', price: 10 })
  await edit('person', ada, { title: 'Ada, next' })
  const item = (content_type_uid: string, uid: string, version: number, action = 'publish') => ({
    ...{ content_type_uid, uid, version, action, locale: 'en-us' },
  })
  const release = await room.release([
    ...[item('article', one, 2), item('article', two, 1, 'unpublish'), item('article', three, 1)],
    ...[item('person', bob, 1), item('person', ada, 2)],
  ])
  // What came later is not in the release.
  await edit('article', one, { title: 'One, later' })

  const read = (path: string, headers: Record<string, string>) =>
    ask('GET', `/content_types/article/entries${path}`, undefined, { authtoken: '', ...headers })
  const previews = { access_token: preview_token }
  const named = async (path: string, headers: Record<string, string> = previews) => {
    const { body } = await read(path, headers)
    return body.entries?.map(({ title }: any) => title).join(' ')
  }
  t.assert.equal(await named('?asc=price'), 'One Two', 'without a release: what is live')
  t.assert.equal(await named(`?asc=price&release=${release}`), 'Three One, next')
  t.assert.equal(await named(`?asc=price&release=${release}&limit=1&skip=1`), 'One, next')
  t.assert.equal(await named('?asc=price', { ...previews, release_id: release }), 'Three One, next')
  const query = (asked: object) => `query=${encodeURIComponent(JSON.stringify(asked))}`
  t.assert.equal(await named(`?release=${release}&${query({ price: { $gt: 5 } })}`), 'One, next')
  const behind = { author: { $in_query: { title: 'Ada, next' } } }
  t.assert.equal(await named(`?release=${release}&${query(behind)}`), 'One, next')
  t.assert.equal(await named(`?${query(behind)}`), '')
  const counted = await read(`?release=${release}&include_count=true&limit=1`, previews)
  t.assert.deepEqual([counted.body.count, counted.body.entries.length], [2, 1])
  const carried = await read(`/${one}?release=${release}&include[]=author`, previews)
  t.assert.deepEqual(
    carried.body.entry.author.map(({ title }: any) => title),
    ['Ada, next', 'Bob'],
  )
  t.assert.equal((await read(`/${two}?release=${release}`, previews)).body.error_code, 141)
  t.assert.equal((await read(`/${two}`, previews)).body.entry.title, 'Two', 'nothing of it is so')

  const refused = async (headers: Record<string, string>, release_uid = release) =>
    (await read(`?release=${release_uid}`, headers)).status
  t.assert.equal(await refused({ access_token }), 403, 'a token that reads what is live')
  t.assert.equal(await refused({ access_token }, 'blt0'), 403, 'does not learn which releases there are')
  t.assert.equal(await refused({ ...previews, preview_timestamp: '2026-01-01' }), 422)
  t.assert.equal(await refused(previews, 'blt0'), 404)
  const kept = await fetch(`${house.url}/v3/content_types/article/entries?release=${release}`, {
    headers: { api_key, ...previews },
  })
  t.assert.deepEqual(
    [kept.headers.get('cache-control'), kept.headers.get('etag')],
    ['private, no-store', null],
  )

  const own = (path: string) =>
    fetch(`${house.url}/headgate/v1${path}`, { headers: { authorization: `Bearer ${room.authtoken}` } })
  const native = await house.store.db
    .selectFrom('release')
    .select('id')
    .where('one_shot', '=', false)
    .executeTakeFirstOrThrow()
  const shown = `rel_${native.id.replaceAll('-', '')}`
  const told = (await (await own(`/releases/${shown}/preview?environment=production`)).json()) as any
  t.assert.deepEqual([told.query, told.left_out], [{ environment: 'production', release: shown }, []])
  t.assert.equal(await named(`?asc=price&${new URLSearchParams(told.query).toString()}`), 'Three One, next')

  await t.test("the vendor's reader previews it", async (t: TestContext) => {
    const { host } = new URL(house.url)
    const live_preview = { enable: true, host, preview_token }
    const reader: any = contentstack.Stack({
      ...{ api_key, delivery_token: access_token, environment: 'production', live_preview },
    })
    const [hostname = '', port] = host.split(':')
    reader.setProtocol('http')
    reader.setHost(hostname)
    reader.setPort(Number(port))
    reader.livePreviewQuery({ live_preview: 'x', content_type_uid: 'article', release_id: release })
    const [entries] = await reader.ContentType('article').Query().ascending('price').toJSON().find()
    t.assert.deepEqual(
      entries.map(({ title }: any) => title),
      ['Three', 'One, next'],
    )
  })

  await t.test('what it shows is what is live once it is deployed', async (t: TestContext) => {
    const shown = await read(`?asc=price&release=${release}&include[]=author`, previews)
    const deployed = await ask('POST', `/releases/${release}/deploy`, {
      release: { environments: ['production'] },
    })
    t.assert.equal(deployed.status, 200)
    await settled(room)
    const live = await read('?asc=price&include[]=author', previews)
    const bare = (value: any): any => {
      if (Array.isArray(value)) return value.map(bare)
      if (typeof value !== 'object' || value === null) return value
      const { publish_details: _, ...rest } = value
      return Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, bare(one)]))
    }
    t.assert.deepEqual(bare(live.body), bare(shown.body))
  })

  const gone = await ask('DELETE', `/stacks/delivery_tokens/${token_uid}/preview_token`)
  t.assert.equal(gone.body.notice, 'Preview token deleted successfully.')
  t.assert.equal((await read('', previews)).status, 401)
  t.assert.equal((await read('', { access_token })).status, 200)
  const both = await ask('POST', '/stacks/delivery_tokens?create_with_preview_token=true', {
    token: { name: 'Both', scope },
  })
  t.assert.equal(
    (await read(`?release=${release}`, { access_token: both.body.token.preview_token })).status,
    200,
  )
})
