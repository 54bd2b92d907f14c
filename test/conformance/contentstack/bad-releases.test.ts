import { test, type TestContext } from 'node:test'
import { openStack, type TestStack } from './open-stack.ts'
import { refused } from './refused.ts'

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
  const far = await ask('GET', '/releases?skip=99999999999')
  refused(t, far, 422, 141, 'skip')
  t.assert.match(far.body.error_message, /at most 2147483647/)
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
    const deploy = (release: unknown) => ask('POST', `/releases/${uid}/deploy`, { release })
    const empty = await deploy({ environments: ['production'] })
    refused(t, empty, 422, 141, 'items')
    t.assert.match(empty.body.error_message, /The release has no items/)
    await ask('POST', `/releases/${uid}/item`, { item: item(entry) })
    const elsewhere = await deploy({ environments: ['production'], locales: ['fr-fr'] })
    t.assert.match(elsewhere.body.error_message, /None of the items of the release is selected/)
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
