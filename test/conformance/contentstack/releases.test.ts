import { test, type TestContext } from 'node:test'
import { eventually, sharedStack, type TestStack } from './open-stack.ts'

const openStack = sharedStack()

const item = (uid: string, more: object = {}) => ({
  ...{ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish', ...more },
})

async function entryOf({ ask }: TestStack, title: string): Promise<string> {
  return (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
}

async function releaseWith({ ask }: TestStack, name: string, items: object[]): Promise<string> {
  const { release } = (await ask('POST', '/releases', { release: { name } })).body
  if (items.length > 0) await ask('POST', `/releases/${release.uid}/items`, { items })
  return release.uid
}

/** Waits until a release has been deployed to so many environments, and answers its status. */
function deployed({ ask }: TestStack, uid: string, environments: number) {
  return eventually(async () => {
    const { status } = (await ask('GET', `/releases/${uid}`)).body.release
    if (status.length < environments) throw new Error(`deployed to ${status.length}`)
    return status as { environment: string; status: string; job_id: string; user: string }[]
  })
}

test('a deploy to several environments is one job, told by environment', async (t: TestContext) => {
  const stack = await openStack()
  const { ask } = stack
  const one = await entryOf(stack, 'One')
  const uid = await releaseWith(stack, 'R', [item(one)])
  const { environment } = (await ask('GET', '/environments/staging')).body
  // By uid and by name, with the time long past.
  const release = { environments: [environment.uid, 'production'], scheduled_at: '2018-12-12T13:13:13:122Z' }
  t.assert.equal((await ask('POST', `/releases/${uid}/deploy`, { release })).status, 200)
  const status = await deployed(stack, uid, 2)
  const { user } = (await ask('GET', '/user')).body
  t.assert.equal(new Set(status.map(({ job_id }) => job_id)).size, 1)
  t.assert.deepEqual(
    status.map((one) => [one.status, one.user]),
    [
      ['success', user.uid],
      ['success', user.uid],
    ],
  )
  t.assert.ok(status.some((one) => one.environment === environment.uid))

  await t.test('put back whole, it is not locked by the user', async () => {
    const { body } = await ask('GET', `/releases/${uid}`)
    t.assert.equal(body.release.locked, true)
    const renamed = await ask('PUT', `/releases/${uid}`, { release: { ...body.release, name: 'Renamed' } })
    t.assert.deepEqual([renamed.status, renamed.body.release.name], [200, 'Renamed'])
    const again = await ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'] } })
    t.assert.equal(again.status, 200, 'it still deploys')
  })

  await t.test('unlocked it takes items, but is never refreshed again', async () => {
    t.assert.equal(
      (await ask('PUT', `/releases/${uid}`, { release: { locked: false } })).body.release.locked,
      false,
    )
    const two = await entryOf(stack, 'Two')
    t.assert.equal((await ask('POST', `/releases/${uid}/item`, { item: item(two) })).status, 201)
    t.assert.equal((await ask('PUT', `/releases/${uid}/update_items`, { items: ['$all'] })).status, 422)
  })
})

test('a failed item does not keep the others back', async (t: TestContext) => {
  const stack = await openStack()
  const { ask, deliver } = stack
  const [good, bad] = [await entryOf(stack, 'Good'), await entryOf(stack, 'Bad')]
  const uid = await releaseWith(stack, 'R', [item(bad), item(good)])
  t.assert.equal((await ask('DELETE', `/content_types/page/entries/${bad}`)).status, 200)
  await ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'] } })
  t.assert.equal((await deployed(stack, uid, 1))[0]!.status, 'partial')
  t.assert.equal((await deliver('production', `/content_types/page/entries/${good}`)).status, 200)
})

test('locales narrow a deploy', async (t: TestContext) => {
  const stack = await openStack()
  const { ask, deliver } = stack
  const one = await entryOf(stack, 'One')
  const uid = await releaseWith(stack, 'R', [item(one), item(one, { locale: 'fr-fr' })])
  await ask('POST', `/releases/${uid}/deploy`, {
    release: { environments: ['production'], locales: ['fr-fr'] },
  })
  await deployed(stack, uid, 1)
  t.assert.equal((await deliver('production', `/content_types/page/entries/${one}`)).status, 422)
  t.assert.equal((await deliver('production', `/content_types/page/entries/${one}?locale=fr-fr`)).status, 200)
})

test('what is scheduled is shown, and deleting the release cancels it', async (t: TestContext) => {
  const stack = await openStack()
  const { ask, house } = stack
  const uid = await releaseWith(stack, 'R', [item(await entryOf(stack, 'One'))])
  const scheduled_at = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
  await ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'], scheduled_at } })
  const { release } = (await ask('GET', `/releases/${uid}`)).body
  t.assert.deepEqual([release.sys_locked, release.locked, release.status], [true, true, []])
  t.assert.equal((await ask('DELETE', `/releases/${uid}`)).status, 200)
  t.assert.equal((await ask('GET', `/releases/${uid}`)).status, 404)
  t.assert.deepEqual((await ask('GET', '/releases?include_count=true')).body, { releases: [], count: 0 })
  const all = house.store.db
    .selectFrom('deployment')
    .select('state')
    .where('due_at', '=', new Date(scheduled_at))
  const deployment = await all.executeTakeFirst()
  t.assert.equal(deployment?.state, 'canceled')
})

test('items: filled in, replaced, limited, listed', async (t: TestContext) => {
  const stack = await openStack()
  const { ask } = stack
  const one = await entryOf(stack, 'One')
  await ask('PUT', `/content_types/page/entries/${one}`, { entry: { title: 'One more' } })
  const uid = await releaseWith(stack, 'R', [])
  const added = await ask('POST', `/releases/${uid}/item`, { item: { uid: one } })
  const whole = { ...item(one), version: 2, title: 'One more', variant_id: null }
  t.assert.deepEqual(added.body.release.items, [whole], 'the latest, in the master language, to be published')
  const again = await ask('POST', `/releases/${uid}/item`, { item: item(one, { action: 'unpublish' }) })
  t.assert.deepEqual(
    again.body.release.items.map(({ action }: { action: string }) => action),
    ['unpublish'],
    'the same item replaces itself',
  )
  const uids = await Promise.all(Array.from({ length: 60 }, (_, n) => entryOf(stack, `Entry ${n}`)))
  const many = { items: uids.map((entry) => item(entry)) }
  t.assert.equal((await ask('POST', `/releases/${uid}/items`, many)).status, 422)
  t.assert.equal((await ask('POST', `/releases/${uid}/items`, many, { release_version: '2.0' })).status, 201)
  const page = (await ask('GET', `/releases/${uid}/items?include_count=true&limit=10&skip=55`)).body
  t.assert.deepEqual([page.items.length, page.count], [6, 61])
  t.assert.equal((await ask('GET', `/releases/${uid}/items`)).body.items.length, 61)
  const listed = (await ask('GET', '/releases?include_items_count=true')).body.releases[0]
  t.assert.deepEqual([listed.items_count, 'items' in listed], [61, false])
  const left = await ask('DELETE', `/releases/${uid}/items?all=true`, { items: [] })
  t.assert.deepEqual(left.body.release.items, [])
})

test('lists are ordered, paged and counted', async (t: TestContext) => {
  const stack = await openStack()
  const { ask } = stack
  for (const name of ['B', 'C', 'A']) await releaseWith(stack, name, [])
  const names = async (query: string): Promise<string[]> =>
    (await ask('GET', `/releases?${query}`)).body.releases.map(({ name }: { name: string }) => name)
  t.assert.deepEqual(await names(''), ['A', 'C', 'B'])
  t.assert.deepEqual(await names('asc=name'), ['A', 'B', 'C'])
  t.assert.deepEqual(await names('desc=name&limit=1&skip=1'), ['B'])
  t.assert.deepEqual(await names('asc=created_at'), ['B', 'C', 'A'])
  t.assert.deepEqual(await names('&query=%7B%22name%22%3A%22C%22%7D'), ['C'])
  t.assert.deepEqual((await ask('GET', '/releases?count=true')).body, { releases: 3 })
  const [branched] = (await ask('GET', '/releases?include_branch=true')).body.releases
  t.assert.equal(branched._branch, 'main')
  t.assert.equal((await ask('GET', '/Releases/')).status, 200, 'addresses are read tolerantly')
})
