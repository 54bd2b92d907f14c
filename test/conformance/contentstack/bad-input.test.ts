import { test, type TestContext } from 'node:test'
import { openStack, type Answer, type TestStack } from './open-stack.ts'

/** What must be true of every refusal: the envelope, and never a 5xx, which the SDK repeats to death. */
function refused(t: TestContext, { status, body }: Answer, expected: number, code: number, field?: string) {
  const said = JSON.stringify(body)
  t.assert.equal(status, expected, said)
  t.assert.equal(body.error_code, code, said)
  t.assert.equal(typeof body.error_message, 'string', said)
  if (field !== undefined) t.assert.ok(Object.hasOwn(body.errors, field), `${field} in ${said}`)
}

const item = (uid: string, more: object = {}) => ({
  ...{ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish', ...more },
})

async function entryOf({ ask }: TestStack, title: string): Promise<string> {
  return (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
}

async function releaseOf({ ask }: TestStack, name = 'R'): Promise<string> {
  return (await ask('POST', '/releases', { release: { name } })).body.release.uid
}

test('releases refuse what is wrong, in the words of the vendor', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask } = stack
  const uid = await releaseOf(stack)
  const entry = await entryOf(stack, 'One')

  for (const name of [undefined, '', 'x'.repeat(51), 7, null, {}])
    refused(t, await ask('POST', '/releases', { release: { name } }), 422, 141, 'name')
  t.assert.equal((await ask('POST', '/releases', { release: { name: 'x'.repeat(50) } })).status, 201)
  refused(t, await ask('POST', '/releases', {}), 422, 141, 'release')
  refused(t, await ask('POST', '/releases', { release: 'x' }), 422, 141, 'release')
  refused(t, await ask('POST', '/releases', { release: { name: 'R', locked: 'yes' } }), 422, 141, 'locked')
  refused(t, await ask('POST', '/releases', [1]), 422, 141)
  refused(t, await ask('POST', '/releases', 'null'), 422, 141)
  refused(t, await ask('POST', '/releases', '{"release":{"name":'), 400, 141)
  refused(t, await ask('POST', '/releases', ''), 400, 141)
  refused(t, await ask('GET', '/releases/blt0000000000000000'), 404, 141, 'uid')
  refused(t, await ask('PUT', '/releases/blt0000000000000000', { release: { name: 'x' } }), 404, 141, 'uid')
  refused(t, await ask('DELETE', '/releases/blt0000000000000000'), 404, 141, 'uid')
  refused(
    t,
    await ask('GET', `/releases/${encodeURIComponent("'; drop table release; --")}`),
    404,
    141,
    'uid',
  )
  refused(t, await ask('GET', '/releases?limit=-1'), 422, 141, 'limit')
  refused(t, await ask('GET', '/releases?skip=99999999999'), 422, 141, 'skip')
  refused(t, await ask('GET', '/releases?query=%7B'), 422, 141, 'query')
  refused(t, await ask('GET', '/releases?asc=secret'), 422, 141, 'asc')

  await t.test('items', async () => {
    const add = (body: unknown, headers = {}) => ask('POST', `/releases/${uid}/items`, body, headers)
    refused(t, await add({}), 422, 141, 'item')
    refused(t, await add({ items: [] }), 422, 141, 'items')
    refused(t, await add({ items: 'all' }), 422, 141, 'items')
    refused(t, await add({ items: [{ version: 1 }] }), 422, 141, 'items.0.uid')
    refused(t, await add({ items: [item('blt0000000000000000')] }), 422, 141, 'items.0.uid')
    refused(t, await add({ items: [item(entry), item('../../etc')] }), 422, 141, 'items.1.uid')
    refused(t, await add({ items: [item(entry, { version: 9 })] }), 422, 141, 'items.0.version')
    refused(t, await add({ items: [item(entry, { version: 0 })] }), 422, 141, 'items.0.version')
    refused(t, await add({ items: [item(entry, { version: 1e300 })] }), 422, 141, 'items.0.version')
    refused(t, await add({ items: [item(entry, { version: '1' })] }), 422, 141, 'items.0.version')
    refused(t, await add({ items: [item(entry, { locale: 'xx-xx' })] }), 422, 141, 'items.0.locale')
    refused(
      t,
      await add({ items: [item(entry, { content_type_uid: 'post' })] }),
      422,
      141,
      'items.0.content_type_uid',
    )
    refused(t, await add({ items: [item(entry, { content_type_uid: 'built_io_upload' })] }), 422, 141)
    refused(t, await add({ items: [item(entry, { action: 'delete' })] }), 422, 141, 'items.0.action')
    refused(t, await add({ items: Array.from({ length: 26 }, () => item(entry)) }), 422, 141, 'items')
    const many = { items: Array.from({ length: 101 }, () => item(entry)) }
    refused(t, await add(many, { release_version: '2.0' }), 422, 141, 'items')
    const variant = item(entry, { variant_id: 'cs1' })
    refused(t, await add({ items: [item(entry), variant] }), 422, 141, 'items.1.variant_id')
    refused(t, await add({ items: [item(entry, { variant_id: '' })] }), 422, 141, 'items.0.variant_id')
    refused(t, await ask('POST', `/releases/${uid}/item`, { item: variant }), 422, 141, 'variant_id')
    refused(t, await ask('DELETE', `/releases/${uid}/item`, { item: variant }), 422, 141, 'variant_id')
    refused(t, await ask('DELETE', `/releases/${uid}/items`, { items: [variant] }), 422, 141)
    const withItems = { release: { name: 'With items', items: [variant] } }
    refused(t, await ask('POST', '/releases', withItems), 422, 141, 'items.0.variant_id')
    const halfGood = { release: { name: 'Half', items: [item(entry), item('blt1')] } }
    refused(t, await ask('POST', '/releases', halfGood), 422, 141, 'items.1.uid')
    const half = await ask('GET', `/releases?query=${encodeURIComponent('{"name":"Half"}')}`)
    t.assert.deepEqual(half.body.releases, [], 'a release comes with all of its items or not at all')
    const whole = { release: { name: 'Whole', locked: true, items: [item(entry)] } }
    const made = (await ask('POST', '/releases', whole)).body.release
    t.assert.deepEqual([made.locked, 'items' in made], [true, false])
    t.assert.equal((await ask('GET', `/releases/${made.uid}`)).body.release.items.length, 1)
    const alone = await ask('POST', `/releases/${uid}/item`, { item: item(entry, { version: 9 }) })
    refused(t, alone, 422, 141, 'version')
    refused(t, await ask('DELETE', `/releases/${uid}/items`), 422, 141, 'items')
    refused(t, await ask('DELETE', `/releases/${uid}/items`, { items: [{ locale: 'en-us' }] }), 422, 141)
    refused(t, await ask('PUT', `/releases/${uid}/update_items`, { items: [item(entry)] }), 422, 141, 'items')
    t.assert.equal(
      (await ask('DELETE', `/releases/${uid}/items`, { items: [item('blt0000000000000000')] })).status,
      200,
    )
  })

  await t.test('deploy', async () => {
    await ask('POST', `/releases/${uid}/item`, { item: item(entry) })
    const deploy = (release: unknown) => ask('POST', `/releases/${uid}/deploy`, { release })
    refused(t, await deploy({}), 422, 141, 'environments')
    refused(t, await deploy({ environments: [] }), 422, 141, 'environments')
    refused(t, await deploy({ environments: 'production' }), 422, 141, 'environments')
    const unknown = await deploy({ environments: ['production', 'moon'] })
    refused(t, unknown, 422, 141, 'environments')
    t.assert.match(unknown.body.error_message, /environment/)
    refused(t, await deploy({ environments: ['production'], locales: ['xx-xx'] }), 422, 141, 'locales')
    for (const scheduled_at of ['soon', '', '2018-02-31', '2099-01-01T00:00:00Z'])
      refused(t, await deploy({ environments: ['production'], scheduled_at }), 422, 141, 'scheduled_at')
    refused(t, await deploy({ environments: ['production'], scheduledAt: 5 }), 422, 141, 'scheduled_at')
    const extra = { environments: ['production'], all_or_nothing: 'yes' }
    refused(t, await deploy(extra), 422, 141, 'all_or_nothing')
    refused(t, await deploy({ environments: ['moon'], dry_run: true }), 422, 141, 'environments')
    refused(
      t,
      await ask('POST', `/releases/${uid}/clone`, { release: { name: 'x'.repeat(51) } }),
      422,
      141,
      'name',
    )
    const { status } = (await ask('GET', `/releases/${uid}`)).body.release
    t.assert.deepEqual(status, [], 'nothing of this was deployed')
  })

  await t.test("a user's lock", async () => {
    const locked = await releaseOf(stack, 'Locked')
    await ask('POST', `/releases/${locked}/item`, { item: item(entry) })
    await ask('PUT', `/releases/${locked}`, { release: { locked: true } })
    refused(t, await ask('POST', `/releases/${locked}/item`, { item: item(entry) }), 422, 141, 'locked')
    refused(t, await ask('DELETE', `/releases/${locked}/items?all=true`, { items: [] }), 422, 141, 'locked')
    refused(t, await ask('PUT', `/releases/${locked}/update_items`, { items: ['$all'] }), 422, 141, 'locked')
    refused(t, await ask('PUT', `/releases/${locked}`, { release: { name: 'Other' } }), 422, 141, 'locked')
    const release = { environments: ['production'] }
    refused(t, await ask('POST', `/releases/${locked}/deploy`, { release }), 422, 141, 'lock')
    t.assert.equal((await ask('PUT', `/releases/${locked}`, { release: { locked: false } })).status, 200)
    t.assert.equal((await ask('POST', `/releases/${locked}/deploy`, { release })).status, 200)
  })
})

test('entries, types, languages and environments refuse what is wrong', async (t: TestContext) => {
  const stack = await openStack(t)
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
  const stack = await openStack(t)
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
  const stack = await openStack(t)
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
  const { ask } = await openStack(t)
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
