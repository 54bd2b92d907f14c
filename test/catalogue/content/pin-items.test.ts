import { describe, test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { createEntry } from '#app/content/create-entry.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { unlocaliseEntry } from '#app/content/unlocalise-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { uploadAsset } from '#app/content/upload-asset.ts'
import { latestPins, pinItems, type PinRequest } from '#catalogue/content/pin-items.ts'
import { contentHouse } from '../../app/content/content-house.ts'
import { counting } from '../../executors/content/many-items.ts'

const publish = (key: string, more: Partial<PinRequest> = {}): PinRequest => ({
  key,
  action: 'publish',
  ...more,
})

describe('pinning', () => {
  test('takes the version of the locale, of the nearest fallback, or the one that is named', async (t: TestContext) => {
    const { ctx, house, place, page, write } = await contentHouse(t)
    await write('blt1', { title: 'One' })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Two' } })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Deux' } })
    await uploadAsset(ctx, {
      ...place,
      uid: 'asset1',
      file: { filename: 'a', content_type: '', bytes: [Buffer.from('x')] },
    })
    const items = [
      publish('main/blt1/en-us'),
      publish('main/blt1/fr-fr', { kind: 'page' }),
      publish('main/blt1/fr-ca'),
      publish('main/asset1/fr-ca', { kind: 'asset', version: 1 }),
    ]
    const counted = counting(house.db)
    const first = await pinItems(counted.db, { ...place, items })
    t.assert.equal(counted.statements(), 1)
    t.assert.deepEqual(first.faults, [])
    t.assert.deepEqual(
      first.pinned.map(({ kind, version, title }) => [kind, version, title]),
      [
        ['page', '2', 'Two'],
        ['page', '1', 'Deux'],
        ['page', '1@fr-fr', 'Deux'],
        ['asset', '1@en-us', 'a'],
      ],
    )
    const older = await pinItems(house.db, { ...place, items: [publish('main/blt1/en-us', { version: 1 })] })
    t.assert.deepEqual([older.pinned[0]?.version, older.pinned[0]?.title], ['1', 'One'])
    const leaving = await pinItems(house.db, {
      ...place,
      items: [{ key: 'main/blt1/en-us', action: 'unpublish', version: 9 }],
    })
    t.assert.deepEqual(
      [leaving.faults, leaving.pinned[0]?.version, leaving.pinned[0]?.action],
      [[], null, 'unpublish'],
    )
    t.assert.deepEqual(await pinItems(house.db, { ...place, items: [] }), { pinned: [], faults: [] })
  })

  test('says of each item what is wrong with it', async (t: TestContext) => {
    const { ctx, house, place, page, write } = await contentHouse(t)
    await write('blt1', { title: 'One' })
    await write('blt2', { title: 'French' }, 'fr-fr')
    await write('blt3', { title: 'Gone' })
    await removeEntry(ctx, { ...page, uid: 'blt3', locales: 'all' })
    const items = [
      publish('main/blt1/en-us'),
      publish('main/blt9/en-us'),
      publish('main/blt3/en-us'),
      publish('main/blt1/fr-fr', { kind: 'asset' }),
      publish('main/blt1/xx'),
      publish('main/blt2/en-us'),
      publish('main/blt1/fr-ca', { version: 7 }),
      publish('main/blt1/en-us'),
      publish('dev/blt1/en-us'),
      publish('nonsense'),
      publish('main/blt2/fr-fr', { version: 0.5 }),
      { key: 'main/blt3/fr-fr', action: 'unpublish' as const },
    ]
    const { pinned, faults } = await pinItems(house.db, { ...place, items })
    t.assert.equal(pinned.length, 1)
    t.assert.deepEqual(faults.map(({ field }) => field).toSorted(), [
      'items.1.uid',
      'items.10.version',
      'items.11.uid',
      'items.2.uid',
      'items.3.content_type_uid',
      'items.4.locale',
      'items.5.locale',
      'items.6.version',
      'items.7.uid',
      'items.8.uid',
      'items.9.uid',
    ])
  })

  test('to the latest moves what can move', async (t: TestContext) => {
    const { ctx, house, place, page, write } = await contentHouse(t)
    const uids = ['blt1', 'blt2', 'blt3', 'blt4']
    for (const uid of uids) await write(uid, { title: uid })
    await updateEntry(ctx, { ...page, uid: 'blt4', locale: 'fr-fr', data: { title: 'Quatre' } })
    const items = uids.map((uid) => publish(`main/${uid}/fr-fr`))
    const { pinned } = await pinItems(house.db, {
      ...place,
      items: [...items, { key: 'main/blt1/en-us', action: 'unpublish' }],
    })
    t.assert.deepEqual(
      pinned.map(({ version }) => version),
      ['1@en-us', '1@en-us', '1@en-us', '1', null],
    )
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Un' } })
    await updateEntry(ctx, { ...page, uid: 'blt2', data: { title: '' }, in_progress: true })
    await removeEntry(ctx, { ...page, uid: 'blt3', locales: 'all' })
    await unlocaliseEntry(ctx, { ...page, uid: 'blt4', locale: 'fr-fr' })
    const counted = counting(house.db)
    const latest = await latestPins(counted.db, { ...place, items: pinned })
    t.assert.equal(counted.statements(), 1)
    t.assert.deepEqual(
      latest.map(({ version, title }) => [version, title]),
      [
        ['1', 'Un'],
        ['1@en-us', 'blt2'],
        ['1@en-us', 'blt3'],
        ['1@en-us', 'blt4'],
        [null, 'blt1'],
      ],
    )
  })

  test('unpublishes what was deleted as long as it is live', async (t: TestContext) => {
    const { ctx, house, place, page, write, publish: ship } = await contentHouse(t)
    await write('blt1', { title: 'One' })
    await ship([{ uid: 'blt1' }])
    await removeEntry(ctx, { ...page, uid: 'blt1', locales: 'all' })
    const items = (action: 'publish' | 'unpublish') => [{ key: 'main/blt1/en-us', action }]
    t.assert.deepEqual((await pinItems(house.db, { ...place, items: items('unpublish') })).faults, [])
    t.assert.equal((await pinItems(house.db, { ...place, items: items('publish') })).faults.length, 1)
  })

  test('of thousands is as few statements as of one', async (t: TestContext) => {
    const { ctx, house, place, page, write } = await contentHouse(t)
    await write('blt0', { title: 'Zero' })
    await createEntry(ctx, { ...page, uid: 'other', data: { title: 'Other' } })
    await sql`
      insert into content_item select gen_random_uuid(), branch_id, 'blt' || n, kind, content_type_uid, null, null, created_at, null
      from content_item, generate_series(1, 2999) n where uid = 'blt0'`.execute(house.db)
    await sql`
      insert into content_draft select i.id, d.locale, d.branch_id, d.kind, d.content_type_uid, 1, i.uid, false, null, d.updated_at
      from content_item i, content_draft d where i.uid ~ '^blt[1-9]' and d.title = 'Zero'`.execute(house.db)
    await sql`
      insert into content_version select i.id, v.locale, 1, null, i.uid, v.data, v.type_version, '{}', null, v.created_at
      from content_item i, content_version v where i.uid ~ '^blt[1-9]' and v.title = 'Zero'`.execute(house.db)
    const items = Array.from({ length: 3000 }, (_, n) => publish(`main/blt${n}/fr-ca`))
    const counted = counting(house.db)
    const { pinned, faults } = await pinItems(counted.db, { ...place, items })
    t.assert.deepEqual([pinned.length, faults.length, counted.statements()], [3000, 0, 1])
    t.assert.ok(
      pinned.every(({ version }, n) => version === '1@en-us' && pinned[n]?.key === `main/blt${n}/fr-ca`),
    )
  })
})
