import { test, type TestContext } from 'node:test'
import { removeEntry } from '#app/content/remove-entry.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import type { ItemRequest } from '#app/releases/pin-items.ts'
import { refreshReleaseItems } from '#app/releases/refresh-release-items.ts'
import { removeReleaseItems } from '#app/releases/remove-release-items.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { pass } from '../../engine/quiet-house.ts'
import { readEvents } from '../../engine/event-log.ts'
import { answerOf, refusal } from '../refusal.ts'
import { book, sharedBookshop, type Bookshop } from './bookshop.ts'

const bookshop = sharedBookshop()

const pins = (items: readonly { key: string; action: string; version: string | null }[]) =>
  items.map(({ key, action, version }) => `${action} ${key} ${version ?? '-'}`)

async function pinsOf({ ctx, project_id }: Bookshop, release_id: string) {
  return pins((await listReleaseItems(ctx, { project_id, release_id })).items)
}

/** Two versions of dune, one of emma in both languages. */
async function stocked(): Promise<Bookshop> {
  const shop = await bookshop()
  await shop.write('dune', 'Dune')
  await shop.write('dune', 'Dune, revised')
  await shop.write('emma', 'Emma')
  await shop.write('emma', 'Emma en français', 'fr-fr')
  return shop
}

test('items are pinned: at the version named, at the latest, at a fallback, at none', async (t: TestContext) => {
  const shop = await stocked()
  const { as, ctx, project_id } = shop
  const release = await shop.release()
  pass(shop.clock, 60)
  const items = await addReleaseItems(as.releaser, {
    project_id,
    release_id: release.id,
    items: [
      book('dune', { version: 1, kind: 'book' }),
      book('emma'),
      book('dune', { locale: 'fr-fr' }),
      book('emma', { locale: 'fr-fr', action: 'unpublish' }),
    ],
  })
  const expected = [
    'publish main/dune/en-us 1',
    'publish main/emma/en-us 1',
    'publish main/dune/fr-fr 2@en-us',
    'unpublish main/emma/fr-fr -',
  ]
  t.assert.deepStrictEqual(pins(items), expected)
  t.assert.deepStrictEqual(
    items.map(({ title, kind }) => [title, kind]),
    [
      ['Dune', 'book'],
      ['Emma', 'book'],
      ['Dune, revised', 'book'],
      ['Emma en français', 'book'],
    ],
  )
  t.assert.deepStrictEqual(await pinsOf(shop, release.id), expected, 'in the order in which they came')

  const after = await getRelease(ctx, { project_id, release_id: release.id })
  t.assert.deepStrictEqual(
    [after.version, after.updated_at, after.updated_by],
    [release.version + 1, shop.clock.now, as.releaser.principal?.user_id],
  )
  const event = (await readEvents(ctx)).at(-1)
  t.assert.deepStrictEqual(
    [event?.kind, event?.subject_id, event?.actor.name],
    ['release.items_added', release.id, as.releaser.principal?.name],
  )
  t.assert.strictEqual(event?.data['count'], 4)
})

test('what was pinned stays pinned until it is pinned anew', async (t: TestContext) => {
  const shop = await stocked()
  const { ctx, project_id } = shop
  const release = await shop.release([book('dune'), book('emma')])
  await shop.write('dune', 'Dune, again')
  t.assert.deepStrictEqual(await pinsOf(shop, release.id), [
    'publish main/dune/en-us 2',
    'publish main/emma/en-us 1',
  ])
  await addReleaseItems(ctx, { project_id, release_id: release.id, items: [book('dune')] })
  t.assert.deepStrictEqual(
    await pinsOf(shop, release.id),
    ['publish main/dune/en-us 3', 'publish main/emma/en-us 1'],
    'at its old place',
  )
})

const faulty: [string, ItemRequest, string][] = [
  ['an unknown uid', book('nobody'), 'uid invalid'],
  ['a key that is none', { key: 'dune', action: 'publish' }, 'uid invalid'],
  ['an item of another branch', { key: 'next/dune/en-us', action: 'publish' }, 'uid invalid'],
  ['a version that is not there', book('dune', { version: 3 }), 'version invalid'],
  ['a version that is none', book('dune', { version: 0 }), 'version invalid'],
  ['an unknown locale', book('dune', { locale: 'de-de' }), 'locale invalid'],
  ['a wrong content type', book('dune', { kind: 'author' }), 'content_type_uid invalid'],
]
test('what is not there is refused where it stands, and nothing is pinned', async (t: TestContext) => {
  const shop = await stocked()
  const { ctx, project_id } = shop
  const release = await shop.release()
  const events = (await readEvents(ctx)).length
  for (const [what, item, fault] of faulty) {
    const items = [book('emma'), item, book('dune', { locale: 'fr-fr' })]
    const add = () => addReleaseItems(ctx, { project_id, release_id: release.id, items })
    const { faults } = await refusal(add, 'invalid')
    t.assert.deepStrictEqual(
      faults.map((each) => `${each.field} ${each.fault}`),
      [`items.1.${fault}`],
      what,
    )
  }
  t.assert.deepStrictEqual(await pinsOf(shop, release.id), [])
  t.assert.strictEqual((await readEvents(ctx)).length, events)
})

test('every fault is told at once, an item named twice among them', async (t: TestContext) => {
  const shop = await stocked()
  const release = await shop.release()
  await shop.write('gone', 'Gone')
  const gone = { project_id: shop.project_id, branch: 'main', content_type_uid: 'book', uid: 'gone' }
  await removeEntry(shop.ctx, { ...gone, locales: 'all' })
  const items = [
    book('gone'),
    book('dune'),
    book('dune', { version: 1 }),
    book('nobody'),
    book('gone', { action: 'unpublish' }),
  ]
  const add = () => addReleaseItems(shop.ctx, { project_id: shop.project_id, release_id: release.id, items })
  const { faults } = await refusal(add, 'invalid')
  t.assert.deepStrictEqual(faults.map(({ field, fault }) => `${field} ${fault}`).toSorted(), [
    'items.0.uid invalid',
    'items.2.uid not_unique',
    'items.3.uid invalid',
    'items.4.uid not_unique',
  ])
})

test('a release holds so many items and no more', async (t: TestContext) => {
  const shop = await stocked()
  const { ctx, project_id } = shop
  const release = await shop.release()
  const add = (...items: ItemRequest[]) =>
    addReleaseItems(ctx, { project_id, release_id: release.id, items, most: 2 })
  await add(book('dune'), book('emma'))
  await add(book('dune'), book('emma'))
  const limit = await refusal(() => add(book('dune', { locale: 'fr-fr' })), 'limit_reached')
  t.assert.deepStrictEqual(limit, { limit: 'items of a release', most: 2 })
  t.assert.strictEqual((await pinsOf(shop, release.id)).length, 2)
})

test('items are taken out by key or all at once; what is not there does not matter', async (t: TestContext) => {
  const shop = await stocked()
  const { as, ctx, project_id } = shop
  const release = await shop.release([book('dune'), book('emma'), book('emma', { locale: 'fr-fr' })])
  const remove = (keys: string[] | 'all') =>
    removeReleaseItems(as.releaser, { project_id, release_id: release.id, keys })
  const versionOf = async () => (await getRelease(ctx, { project_id, release_id: release.id })).version
  const before = await versionOf()
  t.assert.strictEqual(await remove(['main/nobody/en-us', "'); drop table release; --"]), 0)
  t.assert.strictEqual(await remove([]), 0)
  t.assert.strictEqual(await versionOf(), before, 'nothing changed')
  t.assert.strictEqual(await remove(['main/dune/en-us', 'main/nobody/en-us']), 1)
  t.assert.deepStrictEqual(await pinsOf(shop, release.id), [
    'publish main/emma/en-us 1',
    'publish main/emma/fr-fr 1',
  ])
  t.assert.strictEqual(await remove('all'), 2)
  t.assert.strictEqual(await versionOf(), before + 2)
  const removed = (await readEvents(ctx)).filter(
    ({ kind, subject_id }) => kind === 'release.items_removed' && subject_id === release.id,
  )
  t.assert.deepStrictEqual(
    removed.map(({ data }) => data),
    [
      { keys: ['main/dune/en-us', 'main/nobody/en-us'], count: 1 },
      { keys: 'all', count: 2 },
    ],
  )
})

test('items are listed page by page, with how many there are', async (t: TestContext) => {
  const shop = await stocked()
  const { as, project_id } = shop
  const release = await shop.release([book('emma'), book('dune'), book('emma', { locale: 'fr-fr' })])
  const page = async (limit?: number, offset?: number) => {
    const asked = {
      project_id,
      release_id: release.id,
      ...(limit === undefined ? {} : { limit, offset: offset ?? 0 }),
    }
    const { items, total } = await listReleaseItems(as.viewer, asked)
    return [items.map(({ key }) => key), total]
  }
  t.assert.deepStrictEqual(await page(), [['main/emma/en-us', 'main/dune/en-us', 'main/emma/fr-fr'], 3])
  t.assert.deepStrictEqual(await page(2), [['main/emma/en-us', 'main/dune/en-us'], 3])
  t.assert.deepStrictEqual(await page(2, 2), [['main/emma/fr-fr'], 3])
  t.assert.deepStrictEqual(await page(2, 4), [[], 3])
})

test('all items are pinned to their latest, until the release was deployed', async (t: TestContext) => {
  const shop = await stocked()
  const { as, ctx, project_id, staging } = shop
  const release = await shop.release([
    book('dune', { version: 1 }),
    book('dune', { locale: 'fr-fr' }),
    book('emma', { locale: 'fr-fr', action: 'unpublish' }),
  ])
  await shop.write('dune', 'Dune en français', 'fr-fr')
  const its = { project_id, release_id: release.id }
  const latest = await refreshReleaseItems(as.releaser, its)
  const expected = ['publish main/dune/en-us 2', 'publish main/dune/fr-fr 1', 'unpublish main/emma/fr-fr -']
  t.assert.deepStrictEqual(
    pins(latest),
    expected,
    'what is written in its own locale by now leaves the fallback',
  )
  t.assert.deepStrictEqual(await pinsOf(shop, release.id), expected)
  t.assert.strictEqual((await readEvents(ctx)).at(-1)?.kind, 'release.items_updated')

  const request = { ...its, environment_ids: [staging] }
  await requestDeployments(as.releaser, { ...request, dry_run: true })
  t.assert.strictEqual(
    await answerOf(() => refreshReleaseItems(as.releaser, its)),
    'done',
    'a dry run is none',
  )
  await requestDeployments(as.releaser, { ...request, lock_release: true })
  t.assert.deepStrictEqual(await refusal(() => refreshReleaseItems(as.releaser, its), 'release_deployed'), {
    release_id: release.id,
  })
  await updateRelease(as.releaser, { ...its, locked: false })
  t.assert.strictEqual(
    await answerOf(() => refreshReleaseItems(as.releaser, its)),
    'release_deployed',
    'unlocked or not',
  )
})

for (const by of ['user', 'deployment'] as const) {
  test(`the lock of a ${by} keeps the items as they are`, async (t: TestContext) => {
    const shop = await stocked()
    const { as, ctx, project_id, staging } = shop
    const release = await shop.release([book('dune')])
    const its = { project_id, release_id: release.id }
    if (by === 'user') await updateRelease(as.releaser, { ...its, locked: true })
    else await requestDeployments(as.releaser, { ...its, environment_ids: [staging], lock_release: true })
    const locked = { release_id: release.id, by }
    const add = () => addReleaseItems(as.admin, { ...its, items: [book('emma')] })
    t.assert.deepStrictEqual(await refusal(add, 'release_locked'), locked)
    const remove = () => removeReleaseItems(as.admin, { ...its, keys: ['main/dune/en-us'] })
    t.assert.deepStrictEqual(await refusal(remove, 'release_locked'), locked)
    if (by === 'user')
      t.assert.deepStrictEqual(
        await refusal(() => refreshReleaseItems(as.admin, its), 'release_locked'),
        locked,
      )
    t.assert.deepStrictEqual(await pinsOf(shop, release.id), ['publish main/dune/en-us 2'])
    await updateRelease(as.admin, { ...its, locked: false })
    t.assert.strictEqual(await answerOf(add), 'done')
    t.assert.strictEqual((await listReleaseItems(ctx, its)).total, 2)
  })
}
