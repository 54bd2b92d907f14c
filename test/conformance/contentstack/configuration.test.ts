import { test, type TestContext } from 'node:test'
import { openHouse } from '../../open-house.ts'
import { raw } from './open-stack.ts'

const file = `
users:
  - { email: ada@example.com, name: Ada, role: admin, password: a-long-password }
tokens:
  - { name: ci, user: ada@example.com, secret: ci-token-0123456789, scopes: ['*'] }
projects:
  - key: website
    kind: content
    content:
      api_key: blt0123456789abcdef
      master_locale: en-us
      locales: [{ code: fr-fr, fallback: en-us }]
      management_tokens: [{ name: ci, token: cs0123456789, scopes: ['*'] }]
      delivery_tokens: [{ name: site, token: cs4567890123, environments: [production] }]
    environments: [{ name: staging }, { name: production, parent: staging }]
`

test('a stack that headgate.yaml declares is there for clients that know its key and tokens', async (t: TestContext) => {
  const house = await openHouse(t)
  const apply = (yaml: string) => house.client.applyConfiguration({ yaml, name: 'headgate.yaml' })
  t.assert.ok((await apply(file)).changes.includes('+ api_key blt0123456789abcdef (website)'))
  const key = { api_key: 'blt0123456789abcdef' }
  const manage = raw(house.url, { ...key, authorization: 'cs0123456789' })

  const { stack } = (await manage('GET', '/stacks')).body
  t.assert.deepEqual([stack.api_key, stack.name, stack.master_locale], [key.api_key, 'website', 'en-us'])
  const codes = (await manage('GET', '/locales')).body.locales.map(({ code }: { code: string }) => code)
  t.assert.deepEqual(codes, ['en-us', 'fr-fr'])
  const names = (await manage('GET', '/environments')).body.environments.map(
    ({ name }: { name: string }) => name,
  )
  t.assert.deepEqual(names.toSorted(), ['production', 'staging'])
  t.assert.equal((await manage('POST', '/releases', { release: { name: 'R' } })).status, 201)
  const token = raw(house.url, { ...key, authtoken: 'ci-token-0123456789' })
  t.assert.equal((await token('GET', '/releases')).body.releases.length, 1)
  const reader = raw(house.url, { ...key, access_token: 'cs4567890123' })
  t.assert.equal((await reader('GET', '/assets?environment=production')).status, 200)
  t.assert.equal((await reader('GET', '/assets?environment=staging')).status, 422)

  const again = await apply(file)
  t.assert.deepEqual(again.changes, [], 'applied again it changes nothing')
  const changed = await apply(file.replace('cs4567890123', 'cs9999999999'))
  t.assert.deepEqual(changed.changes.length, 1)
  t.assert.match(changed.changes[0]!, /^~ delivery token site/)
  t.assert.equal((await reader('GET', '/assets?environment=production')).status, 401)
  await t.assert.rejects(apply(file.replace('blt0123456789abcdef', 'bltffffffffffffffff')), /api_key/)
  await t.assert.rejects(apply(file.replace('environments: [production]', 'environments: [moon]')), /moon/)
})

test('the limits of a stack are what headgate.yaml says, and errors say where they are set', async (t: TestContext) => {
  const house = await openHouse(t)
  const apply = (limits: string) =>
    house.client.applyConfiguration({
      yaml: file.replace('master_locale: en-us', `master_locale: en-us\n      limits: ${limits}`),
      name: 'headgate.yaml',
    })
  const few =
    '{ release_name_characters: 5, items_per_request: 2, items_per_request_v2: 3, items_per_release: 2, schedule_months: 1,' +
    ' bulk_items: 1, bulk_locales: 1, bulk_environments: 1, bulk_items_to_delete: 1 }'
  const { changes } = await apply(few)
  t.assert.ok(changes.includes('~ limit items_per_release 2 (website)'), changes.join())
  t.assert.deepEqual((await apply(few)).changes, [], 'applied again it changes nothing')
  const ask = raw(house.url, { api_key: 'blt0123456789abcdef', authorization: 'cs0123456789' })
  const schema = [{ display_name: 'Title', uid: 'title', data_type: 'text' }]
  await ask('POST', '/content_types', { content_type: { uid: 'page', title: 'Page', schema } })
  const items: string[] = []
  for (const title of ['a', 'b', 'c', 'd'])
    items.push((await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid)
  const item = (uid: string) => ({
    uid,
    content_type_uid: 'page',
    locale: 'en-us',
    version: 1,
    action: 'publish',
  })

  const long = await ask('POST', '/releases', { release: { name: 'sixsix' } })
  t.assert.equal(long.status, 422)
  t.assert.match(long.body.errors.name[0], /5 characters at most \(content\.limits\.release_name_characters/)
  const { uid } = (await ask('POST', '/releases', { release: { name: 'five5' } })).body.release
  for (const [verb, path] of [
    ['PUT', `/releases/${uid}`],
    ['POST', `/releases/${uid}/clone`],
  ] as const)
    t.assert.equal((await ask(verb, path, { release: { name: 'sixsix' } })).status, 422)
  const add = (many: number, headers = {}) =>
    ask('POST', `/releases/${uid}/items`, { items: items.slice(0, many).map(item) }, headers)
  t.assert.match(
    (await add(3)).body.error_message,
    /At most 2 items in one request are allowed\. .*items_per_request /,
  )
  t.assert.match(
    (await add(4, { release_version: '2.0' })).body.error_message,
    /At most 3 .*items_per_request_v2 /,
  )
  t.assert.match(
    (await add(3, { release_version: '2.0' })).body.error_message,
    /At most 2 items of a release .*items_per_release /,
  )
  t.assert.equal((await add(2)).status, 201)
  const scheduled_at = new Date(house.clock.now.getTime() + 40 * 86_400_000).toISOString()
  const far = await ask('POST', `/releases/${uid}/deploy`, {
    release: { environments: ['staging'], scheduled_at },
  })
  t.assert.match(
    far.body.errors.scheduled_at[0],
    /within 1 month from now \(content\.limits\.schedule_months/,
  )

  const entries = items.slice(0, 2).map((entry) => ({ uid: entry, content_type: 'page' }))
  const publish = (body: object) => ask('POST', '/bulk/publish', { environments: ['staging'], ...body })
  for (const [body, name] of [
    [{ entries }, 'bulk_items'],
    [{ entries: entries.slice(1), locales: ['en-us', 'fr-fr'] }, 'bulk_locales'],
    [{ entries: entries.slice(1), environments: ['staging', 'production'] }, 'bulk_environments'],
  ] as const)
    t.assert.match((await publish(body)).body.error_message, new RegExp(`At most 1 .*${name} `))
  t.assert.equal((await publish({ entries: entries.slice(1) })).status, 200)
  const deleted = await ask('POST', '/bulk/delete', { entries })
  t.assert.match(deleted.body.error_message, /At most 1 .*bulk_items_to_delete /)

  await apply('{ release_name_characters: 6 }')
  t.assert.equal((await ask('POST', '/releases', { release: { name: 'sixsix' } })).status, 201, 'at once')
  t.assert.match((await add(3)).body.error_message, /At most 2/, 'what is not named stays')
  await t.assert.rejects(apply('{ items_per_request: 0 }'), /items_per_request/)
  await t.assert.rejects(apply('{ items: 3 }'), /items/)
})
