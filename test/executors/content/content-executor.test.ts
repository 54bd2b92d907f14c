import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { createEntry } from '#app/content/create-entry.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { updateContentType } from '#app/content/update-content-type.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import type { PinnedItem } from '#domain/item.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { contentHouse, pageFields, type ContentHouse } from '../../app/content/content-house.ts'
import { testStore } from '../../fresh-store.ts'
import { counting, seedEntries, storePlan, taskOf } from './many-items.ts'

const pinned = (
  key: string,
  version: string | null,
  action: PinnedItem['action'] = 'publish',
): PinnedItem => ({
  key: `main/${key}`,
  kind: 'page',
  action,
  version,
  title: key,
})

/** What readers are served in staging: `<uid>/<locale>` to `<version>@<locale it is written in>`. */
async function published({ ctx, staging }: ContentHouse): Promise<Record<string, string>> {
  const rows = await ctx.db
    .selectFrom('content_published as p')
    .innerJoin('content_item as i', 'i.id', 'p.item_id')
    .select(['i.uid', 'p.locale', 'p.version', 'p.source_locale'])
    .where('p.environment_id', '=', staging)
    .execute()
  return Object.fromEntries(
    rows.map(({ uid, locale, version, source_locale }) => [
      `${uid}/${locale}`,
      `${version}@${source_locale}`,
    ]),
  )
}

describe('a plan', () => {
  test('says of each change why it cannot be made', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, page, place, write } = house
    await write('blt1', { title: 'Fine' })
    await write('blt2', { title: 'Gone' })
    await removeEntry(ctx, { ...page, uid: 'blt2', locales: 'all' })
    await createEntry(ctx, { ...page, uid: 'blt3', data: { title: '' }, in_progress: true })
    const items = [
      pinned('blt1/en-us', '1'),
      pinned('blt1/fr-fr', '1@en-us'),
      pinned('blt1/fr-ca', '2@en-us'),
      pinned('blt2/en-us', '1'),
      pinned('blt9/en-us', '1'),
      pinned('blt3/en-us', '1'),
      pinned('blt1', '1'),
      pinned('blt1/en-us', 'x'),
      pinned('blt2/en-us', null, 'unpublish'),
    ]
    const counted = counting(ctx.db)
    const changes = await contentExecutor.plan(counted.db, taskOf(house, items))
    t.assert.deepEqual(
      changes.map(({ action, fault }) => fault?.code ?? action),
      [
        'publish',
        'publish',
        'version_missing',
        'item_deleted',
        'item_missing',
        'entry_invalid',
        'item_missing',
        'item_missing',
        'none',
      ],
    )
    t.assert.equal(changes[5]?.fault?.reason, 'entry.title: title must be filled in.')
    t.assert.equal(counted.statements(), 2)
    // Entries written by other rules are held to those of today.
    const stricter = pageFields.map((each) => (each.uid === 'url' ? { ...each, mandatory: true } : each))
    await updateContentType(ctx, { ...place, uid: 'page', fields: stricter })
    const [after] = await contentExecutor.plan(ctx.db, taskOf(house, [pinned('blt1/en-us', '1')]))
    t.assert.deepEqual(after?.fault, { code: 'entry_invalid', reason: 'entry.url: url must be filled in.' })
  })

  test('leaves what is live already alone', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, write } = house
    await write('blt1', { title: 'Fine' })
    const item = pinned('blt1/en-us', '1')
    const live = [{ key: item.key, kind: 'page', title: '', version: '1', uncertain: false }]
    const plan = async (changes: object) =>
      (await contentExecutor.plan(ctx.db, { ...taskOf(house, [item], live), ...changes }))[0]?.action
    t.assert.equal(await plan({}), 'none')
    t.assert.equal(await plan({ forced: true }), 'publish')
    t.assert.equal(await plan({ live: [{ ...live[0], uncertain: true }] }), 'publish')
  })
})

test('whatever is published and unpublished in whatever order, readers are served just that', async (t: TestContext) => {
  const house = await contentHouse(t)
  const { ctx, page, write, publish } = house
  const uids = ['blt1', 'blt2', 'blt3']
  for (const uid of uids) {
    await write(uid, { title: `${uid} 1` })
    await updateEntry(ctx, { ...page, uid, data: { title: `${uid} 2` } })
  }
  await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'un' } })
  const source = (uid: string, locale: string) => (uid === 'blt1' && locale !== 'en-us' ? 'fr-fr' : 'en-us')
  const shipped = fc.record({
    uid: fc.constantFrom(...uids),
    locale: fc.constantFrom('en-us', 'fr-fr', 'fr-ca'),
    action: fc.constantFrom('publish' as const, 'unpublish' as const),
    version: fc.constantFrom(1, 2),
  })
  const batches = fc.uniqueArray(shipped, {
    minLength: 1,
    maxLength: 6,
    selector: ({ uid, locale }) => `${uid}/${locale}`,
  })
  const model: Record<string, string> = {}
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const items = batch.map((item) => ({
        ...item,
        version: source(item.uid, item.locale) === 'fr-fr' ? 1 : item.version,
      }))
      const before = { ...model }
      for (const { uid, locale, action, version } of items) {
        if (action === 'publish') model[`${uid}/${locale}`] = `${version}@${source(uid, locale)}`
        else delete model[`${uid}/${locale}`]
      }
      const same =
        JSON.stringify(Object.entries(before).toSorted()) === JSON.stringify(Object.entries(model).toSorted())
      const { state } = await publish(items)
      t.assert.equal(state, same ? 'unchanged' : 'succeeded')
      t.assert.deepEqual(await published(house), model)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

describe('applying', () => {
  test('leaves out what has a fault, what is to stay, and what was deleted since', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, page, write } = house
    for (const uid of ['blt1', 'blt2', 'blt3']) await write(uid, { title: uid })
    const items = [pinned('blt1/en-us', '1'), pinned('blt2/en-us', '1'), pinned('blt3/en-us', '9')]
    const task = taskOf(house, items)
    const plan_id = await storePlan(house, await contentExecutor.plan(ctx.db, task))
    await removeEntry(ctx, { ...page, uid: 'blt2', locales: 'all' })
    const apply = () =>
      ctx.db.transaction().execute((tx) => contentExecutor.apply(tx, task, { plan_id, at: ctx.now() }))
    const faults = await apply()
    t.assert.deepEqual(
      faults.map(({ key, code }) => [key, code]),
      [['main/blt2/en-us', 'item_deleted']],
    )
    t.assert.deepEqual(await published(house), { 'blt1/en-us': '1@en-us' })
    // After a loss it is done again.
    t.assert.equal((await apply()).length, 1)
    t.assert.deepEqual(await published(house), { 'blt1/en-us': '1@en-us' })
    const row = await ctx.db.selectFrom('content_published').selectAll().executeTakeFirstOrThrow()
    t.assert.deepEqual([row.deployment_id, row.published_at], [task.deployment_id, ctx.now()])
  })

  test('of 10,000 items is one statement, behind the lock that deletions respect', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx } = house
    await seedEntries(house, 10_000)
    const all = (version: string | null, action: PinnedItem['action'] = 'publish') =>
      Array.from({ length: 10_000 }, (_, n) => pinned(`blt${n + 1}/en-us`, version, action))
    const ship = async (what: string, items: PinnedItem[], live: readonly PinnedItem[]) => {
      const there = live.map((item) => ({ ...item, uncertain: false }))
      const task = taskOf(house, items, there)
      const counted = counting(ctx.db)
      let from = performance.now()
      const changes = await contentExecutor.plan(counted.db, task)
      t.diagnostic(`${testStore}: planning 10,000 to ${what}: ${Math.round(performance.now() - from)} ms`)
      t.assert.equal(counted.statements(), items[0]?.action === 'publish' ? 1 : 0)
      t.assert.ok(changes.every(({ fault }) => fault === undefined))
      const plan_id = await storePlan(house, changes)
      const applied = counting(ctx.db)
      from = performance.now()
      t.assert.deepEqual(await contentExecutor.apply(applied.db, task, { plan_id, at: ctx.now() }), [])
      t.diagnostic(`${testStore}: applying 10,000 to ${what}: ${Math.round(performance.now() - from)} ms`)
      t.assert.equal(applied.statements(), 2)
    }
    const count = async (version: number) => {
      const { rows } = await sql<{
        n: number
      }>`select count(*) as n from content_published where version = ${version}`.execute(ctx.db)
      return rows[0]?.n
    }
    await ship('publish', all('1'), [])
    t.assert.equal(await count(1), 10_000)
    await ship('publish anew', all('2'), all('1'))
    t.assert.deepEqual([await count(1), await count(2)], [0, 10_000])
    await ship('unpublish', all(null, 'unpublish'), all('2'))
    t.assert.equal(await count(2), 0)
  })

  test(
    'and deleting at once never leave what was deleted',
    { skip: testStore === 'embedded' && 'one connection' },
    async (t: TestContext) => {
      const house = await contentHouse(t)
      const { ctx, page, write, run } = house
      for (let round = 0; round < 20; round += 1) {
        const uid = `blt${round}`
        await write(uid, { title: uid })
        const task = taskOf(house, [pinned(`${uid}/en-us`, '1')])
        const plan_id = await storePlan(house, await contentExecutor.plan(ctx.db, task))
        const applying = ctx.db
          .transaction()
          .execute((tx) => contentExecutor.apply(tx, task, { plan_id, at: ctx.now() }))
        const removing = removeEntry(ctx, { ...page, uid, locales: 'all' })
        const [faults, { unpublished_from }] = await Promise.all([applying, removing])
        const live = Object.keys(await published(house)).length
        // Either the deployment came first, and the deletion saw what it left, or the deletion did.
        t.assert.equal(faults.length + unpublished_from.length, 1)
        t.assert.equal(live, unpublished_from.length)
        await run()
        await sql`delete from content_published`.execute(ctx.db)
      }
    },
  )
})
