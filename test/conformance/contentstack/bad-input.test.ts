import { test, type TestContext } from 'node:test'
import { openStack, sharedStack, type TestStack } from './open-stack.ts'
import { refused } from './refused.ts'

const stackHere = sharedStack()

async function entryOf({ ask }: TestStack, title: string): Promise<string> {
  return (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
}

test('entries, types, languages and environments refuse what is wrong', async (t: TestContext) => {
  const stack = await stackHere()
  const { ask } = stack
  const entry = await entryOf(stack, 'Taken')
  const entries = '/content_types/page/entries'

  refused(t, await ask('POST', entries, { entry: {} }), 422, 119, 'title')
  refused(t, await ask('POST', entries, { entry: { title: 'Taken' } }), 422, 119, 'title')
  refused(t, await ask('POST', entries, { entry: { title: 7 } }), 422, 119, 'title')
  refused(t, await ask('POST', entries, { entry: { title: 'N', price: 'dear' } }), 422, 119, 'price')
  refused(t, await ask('POST', entries, '{"entry":{"title":"N","price":1e999}}'), 400, 141)
  refused(t, await ask('POST', entries, { entry: { title: 'N', unheard: 1 } }), 422, 119, 'unheard')
  refused(t, await ask('POST', entries, { entry: 'x' }), 422, 119, 'entry')
  refused(t, await ask('POST', `${entries}?locale=xx-xx`, { entry: { title: 'N' } }), 422, 141, 'locale')
  refused(t, await ask('POST', '/content_types/post/entries', { entry: { title: 'N' } }), 422, 118, 'uid')
  refused(t, await ask('GET', '/content_types/post/entries'), 422, 118, 'uid')
  refused(t, await ask('GET', `${entries}/blt0000000000000000`), 422, 141, 'uid')
  refused(t, await ask('GET', `${entries}/${entry}?version=9`), 422, 141, 'version')
  refused(t, await ask('GET', `${entries}/${entry}?version=x`), 422, 119, 'version')
  refused(t, await ask('GET', `${entries}?query=${encodeURIComponent('{"$where":"1"}')}`), 422, 119)
  refused(
    t,
    await ask('GET', `${entries}?query=${encodeURIComponent('{"title":{"$regex":"(a+)+$("}}')}`),
    422,
    119,
  )
  refused(t, await ask('DELETE', `${entries}/blt0000000000000000`), 422, 141, 'uid')
  refused(t, await ask('POST', `${entries}/${entry}/unlocalize`, {}), 422, 141, 'locale')
  const publish = (body: unknown) => ask('POST', `${entries}/${entry}/publish`, body)
  const to = (environments: unknown, more: object = {}) => ({ entry: { environments, ...more } })
  refused(t, await publish({}), 422, 141, 'entry')
  refused(t, await publish(to([])), 422, 141, 'environments')
  refused(t, await publish(to(['moon'])), 422, 141, 'environments')
  refused(t, await publish(to(['production'], { locales: ['xx-xx'] })), 422, 141, 'locales')
  refused(t, await publish({ ...to(['production']), version: 9 }), 422, 141, 'version')
  refused(t, await publish({ ...to(['production']), scheduled_at: 'soon' }), 422, 141, 'scheduled_at')

  const type = (more: object) => ({ content_type: { title: 'New', uid: 'new', schema: [], ...more } })
  const title = { display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true }
  refused(t, await ask('POST', '/content_types', type({ uid: 'page', schema: [title] })), 422, 115, 'uid')
  refused(t, await ask('POST', '/content_types', type({ title: 'Page', schema: [title] })), 422, 115, 'title')
  refused(t, await ask('POST', '/content_types', type({})), 422, 115, 'schema')
  refused(t, await ask('POST', '/content_types', type({ schema: 'x' })), 422, 115, 'schema')
  refused(t, await ask('POST', '/content_types', type({ schema: [title, 3] })), 422, 115, 'schema.1')
  const odd = { display_name: 'X', uid: 'x', data_type: 'colour' }
  refused(
    t,
    await ask('POST', '/content_types', type({ schema: [title, odd] })),
    422,
    115,
    'schema.1.data_type',
  )
  refused(t, await ask('POST', '/content_types', type({ uid: 'a b', schema: [title] })), 422, 115, 'uid')
  refused(
    t,
    await ask('POST', '/content_types', type({ uid: 'built_io_upload', schema: [title] })),
    422,
    115,
    'uid',
  )
  refused(t, await ask('GET', '/content_types/none'), 422, 118, 'uid')
  refused(t, await ask('DELETE', '/content_types/page'), 422, 141, 'uid')

  refused(t, await ask('POST', '/locales', { locale: { code: 'fr-fr' } }), 422, 248, 'code')
  refused(t, await ask('POST', '/locales', { locale: {} }), 422, 248, 'code')
  refused(t, await ask('POST', '/locales', { locale: { code: 'de-de', fallback_locale: 'xx' } }), 422, 248)
  refused(t, await ask('DELETE', '/locales/en-us'), 422, 248)
  refused(t, await ask('GET', '/locales/xx-xx'), 422, 141, 'locale')
  refused(t, await ask('POST', '/environments', { environment: { name: 'production' } }), 422, 141, 'name')
  refused(t, await ask('POST', '/environments', { environment: {} }), 422, 141, 'name')
  refused(t, await ask('GET', '/environments/moon'), 422, 141, 'environment')
})

test('text that means something elsewhere is only text', async (t: TestContext) => {
  const stack = await stackHere()
  const { ask } = stack
  for (const name of [
    "Robert'); drop table release;--",
    '<script>alert(1)</script>',
    '𝒳 ‮ 名前 \t',
    '%00 \\u0000',
  ]) {
    const { body, status } = await ask('POST', '/releases', { release: { name } })
    t.assert.equal(status, 201)
    t.assert.equal((await ask('GET', `/releases/${body.release.uid}`)).body.release.name, name)
    const query = encodeURIComponent(JSON.stringify({ name }))
    t.assert.equal((await ask('GET', `/releases?query=${query}`)).body.releases.length, 1)
    const environment = await ask('POST', '/environments', { environment: { name } })
    t.assert.equal(environment.status, 201)
    t.assert.equal(
      (await ask('GET', `/environments/${encodeURIComponent(name)}`)).body.environment.name,
      name,
    )
  }
  refused(t, await ask('POST', '/releases', '{"release":{"name":"a\\u0000b"}}'), 400, 141)
  refused(t, await ask('POST', '/releases', '{"release":{"name":"\\ud800"}}'), 400, 141)
  refused(t, await ask('POST', '/releases', `${'['.repeat(2000)}${']'.repeat(2000)}`), 400, 141)
  refused(t, await ask('GET', '/releases?query=%7B%22name%22%3A%22%5Cu0000%22%7D'), 422, 141)
  refused(t, await ask('GET', '/releases/%00'), 400, 141)
  refused(t, await ask('POST', '/releases', `{"release":{"name":"${'x'.repeat(10_500_000)}"}}`), 413, 141)
})

test('credentials: which is wrong is said as the vendor says it', async (t: TestContext) => {
  const stack = await stackHere()
  const { ask } = stack
  refused(t, await ask('GET', '/releases', undefined, { api_key: '' }), 412, 109, 'api_key')
  refused(
    t,
    await ask('GET', '/releases', undefined, { api_key: 'blt0000000000000000' }),
    412,
    109,
    'api_key',
  )
  refused(t, await ask('GET', '/releases', undefined, { authtoken: '' }), 401, 105, 'authtoken')
  refused(
    t,
    await ask('GET', '/releases', undefined, { authtoken: 'blt0000000000000000' }),
    401,
    105,
    'authtoken',
  )
  refused(
    t,
    await ask('GET', '/releases', undefined, { authorization: 'csnothing00' }),
    401,
    105,
    'authorization',
  )
  const reader = { authtoken: '', access_token: 'csnothing00' }
  refused(t, await ask('GET', '/assets?environment=production', undefined, reader), 401, 105, 'access_token')
  refused(t, await ask('GET', '/releases', undefined, { branch: 'dev' }), 422, 903, 'branch')
})

test('a wrong password and a lock-out sound alike', async (t: TestContext) => {
  // In a house of its own: nobody else may sign in there for a minute.
  const { ask, house } = await openStack(t)
  const user = { email: house.credentials.email, password: 'wrong' }
  const first = await ask('POST', '/user-session', { user })
  refused(t, first, 422, 104)
  let last = first
  for (let n = 0; n < 12; n += 1) last = await ask('POST', '/user-session', { user })
  t.assert.deepEqual(last, first)
  refused(t, await ask('POST', '/user-session', { user: { ...user, email: 'nobody@example.com' } }), 422, 104)
  refused(t, await ask('POST', '/user-session', { user: { email: user.email } }), 422, 141, 'password')
  refused(t, await ask('POST', '/user-session', {}), 422, 141, 'user')
})

test('publishing an asset refuses what is wrong', async (t: TestContext) => {
  const { ask } = await stackHere()
  const publish = (uid: string, body: unknown) => ask('POST', `/assets/${uid}/publish`, body)
  const asset = { environments: ['production'] }
  refused(t, await publish('blt0000000000000000', { asset }), 422, 141, 'uid')
  refused(t, await publish('blt0000000000000000', {}), 422, 141, 'asset')
  refused(
    t,
    await publish('blt0000000000000000', { asset: { environments: ['moon'] } }),
    422,
    141,
    'environments',
  )
  refused(t, await publish('blt0000000000000000', { asset, scheduledAt: 'x' }), 422, 141, 'scheduled_at')
  refused(t, await ask('GET', '/assets/blt0000000000000000'), 422, 141, 'uid')
  refused(t, await ask('DELETE', '/assets/blt0000000000000000'), 422, 141, 'uid')
  refused(t, await ask('PUT', '/assets/blt0000000000000000', {}), 422, 141, 'asset')
  refused(t, await ask('POST', '/assets/folders', { asset: {} }), 422, 141, 'name')
  refused(t, await ask('POST', '/assets/folders', { asset: { name: 'x', parent_uid: 'blt1' } }), 422, 141)
})
