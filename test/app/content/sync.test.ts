import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { syncPublished, type SyncStart } from '#app/content/sync-published.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { isDomainError } from '#domain/errors.ts'
import { contentHouse, pageFields } from './content-house.ts'
import { everything, Follower, served, sorted, unlessMissing } from './follower.ts'

test('whoever follows the pages and comes back with the token is told what changed, once and as it is', async (t: TestContext) => {
  const house = await contentHouse(t)
  const { ctx, page, place, write, publish, clock, staging, production } = house
  for (const uid of ['a', 'b', 'c']) await write(uid, { title: uid })
  await publish([{ uid: 'a' }, { uid: 'b' }, { uid: 'b', locale: 'fr-fr' }])
  const client = new Follower(house, { limit: 2 })
  t.assert.deepEqual(await client.catchUp(), [
    'entry_published a en-us',
    'entry_published b en-us',
    'entry_published b fr-fr',
  ])
  t.assert.deepEqual(await client.catchUp(), [])

  await updateEntry(ctx, { ...page, uid: 'a', data: { title: 'A' } })
  await publish([{ uid: 'a' }])
  await updateEntry(ctx, { ...page, uid: 'a', data: { title: 'AA' } })
  await publish([{ uid: 'a' }, { uid: 'c' }])
  await publish([{ uid: 'b', locale: 'fr-fr', action: 'unpublish' }])
  await publish([{ uid: 'c' }], [production])
  t.assert.deepEqual(await client.catchUp(), [
    'entry_published a en-us',
    'entry_published c en-us',
    'entry_unpublished b fr-fr',
  ])
  t.assert.deepEqual(client.copy.get('a en-us'), 'page 3 en-us')

  await removeEntry(ctx, { ...page, uid: 'b', locales: 'all' })
  await house.run()
  await createContentType(ctx, { ...place, uid: 'note', title: 'Note', fields: pageFields })
  await createEntry(ctx, { ...place, content_type_uid: 'note', uid: 'n', data: { title: 'n' } })
  await publish([{ uid: 'n' }])
  await removeContentType(ctx, { ...place, uid: 'note', force: true })
  await house.run()
  t.assert.deepEqual(await client.catchUp(), [
    'content_type_deleted note',
    'entry_deleted b en-us',
    'entry_deleted n en-us',
  ])

  const types = ['entry_published', 'entry_deleted', 'content_type_deleted'] as const
  const historian = new Follower(house, { start: { ...everything, types } })
  const told = [
    'content_type_deleted note',
    'entry_published a en-us',
    'entry_published c en-us',
    'entry_deleted b fr-fr',
    'entry_deleted b en-us',
    'entry_deleted n en-us',
  ]
  t.assert.deepEqual(await historian.catchUp(), told)
  clock.now = new Date(clock.now.getTime() + 60_000)
  await publish([{ uid: 'c', action: 'unpublish' }])
  const since = new Follower(house, {
    start: { ...everything, types: ['entry_unpublished'], since: clock.now },
  })
  t.assert.deepEqual(await since.catchUp(), ['entry_unpublished c en-us'])
  const newer = new Follower(house, { start: { ...everything, since: clock.now } })
  t.assert.deepEqual(await newer.catchUp(), [], 'at first only what is published')

  const token = client.token!
  const refused = async (changes: object, field: string) =>
    t.assert.rejects(
      syncPublished(ctx, { ...place, environment_id: staging, limit: 100, token, ...changes }),
      (error) => isDomainError(error, 'invalid') && error.details.faults[0]?.field === field,
    )
  await refused({ environment_id: production }, 'environment')
  await refused({ token: `${token.slice(0, -4)}AAAA` }, 'token')
  for (const bad of ['', 'v1.x.y', '💥', 'v1..', token.replace('v1', 'v2')])
    await refused({ token: bad }, 'token')
  // As after a restore of an older backup: what the token was told of last is not in the journal.
  await house.house.db.deleteFrom('content_edition').where('ordinal', '>', 1).execute()
  await refused({}, 'token')

  // A store from before there was a journal has one from its deployments.
  await house.house.db.deleteFrom('content_edition').execute()
  const file = await readFile(
    new URL('../../../src/store/migrations/0014-publication.sql', import.meta.url),
    'utf8',
  )
  await sql.raw(/insert into content_edition[^;]+/.exec(file)![0]).execute(house.house.db)
  const upgraded = new Follower(house, { start: { ...everything, types } })
  t.assert.deepEqual(
    await upgraded.catchUp(),
    told.filter((item) => item !== 'entry_published c en-us'),
  )
})

test('an item is told of once, though a page looks at no more than a part of a deployment', async (t: TestContext) => {
  const house = await contentHouse(t)
  const client = new Follower(house, {
    start: { assets: true, locales: ['fr-ca'], fallback: true },
    limit: 1,
  })
  await client.catchUp()
  const uids = Array.from({ length: 60 }, (_, n) => `p${n}`)
  for (const uid of uids) await house.write(uid, { title: uid })
  await house.publish([...uids.map((uid) => ({ uid })), { uid: 'p0', locale: 'fr-fr' }])
  const told = await client.catchUp()
  t.assert.equal(told.length, 60)
  t.assert.equal(new Set(told).size, 60)
})

test('a client’s copy is what is live, whatever is published, unpublished and deleted between its pages', async (t: TestContext) => {
  const house = await contentHouse(t)
  const { ctx, page, write, publish, run } = house
  let round = 0
  const locales = ['en-us', 'fr-fr', 'fr-ca']
  const starts: SyncStart[] = [
    everything,
    { assets: true, locales: ['fr-ca'], fallback: true },
    { assets: true, locales: ['fr-fr'] },
  ]
  const item = fc.record({
    n: fc.nat(5),
    locale: fc.constantFrom(...locales),
    action: fc.constantFrom('publish' as const, 'unpublish' as const),
  })
  const act = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant('deploy' as const),
        items: fc.uniqueArray(item, {
          minLength: 1,
          maxLength: 6,
          selector: ({ n, locale }) => `${n} ${locale}`,
        }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('write' as const),
        n: fc.nat(5),
        locale: fc.constantFrom(...locales),
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('remove' as const), n: fc.nat(5) }) },
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constant('step' as const), client: fc.nat(starts.length - 1) }),
    },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 5, maxLength: 24 }),
      fc.integer({ min: 1, max: 4 }),
      async (acts, limit) => {
        round += 1
        const uid = (n: number) => `r${round}n${n}`
        for (let n = 0; n < 6; n += 1) await write(uid(n), { title: uid(n) })
        await publish([{ uid: uid(0) }, { uid: uid(1), locale: 'fr-fr' }, { uid: uid(2) }, { uid: uid(3) }])
        const clients = starts.map((start) => new Follower(house, { start, limit }))
        for (const one of acts) {
          if (one.does === 'step') await clients[one.client]!.step()
          else if (one.does === 'deploy')
            await publish(one.items.map(({ n, ...rest }) => ({ uid: uid(n), ...rest }))).catch(unlessMissing)
          else if (one.does === 'write')
            await updateEntry(ctx, {
              ...page,
              uid: uid(one.n),
              locale: one.locale,
              data: { title: `${uid(one.n)} again` },
            }).catch(unlessMissing)
          else {
            await removeEntry(ctx, { ...page, uid: uid(one.n), locales: 'all' }).catch(unlessMissing)
            if (one.n % 2 === 0) await run()
          }
        }
        await run()
        for (const [n, client] of clients.entries()) {
          // What changed while it read what was live, it is told when it comes back.
          await client.catchUp()
          const told = (await client.catchUp()).map((item) => item.replace(/^\S+ /, ''))
          t.assert.equal(new Set(told).size, told.length, 'each item once')
          t.assert.deepEqual(sorted(client.copy), sorted(await served(house, starts[n]!)))
          t.assert.deepEqual(await client.catchUp(), [])
        }
      },
    ),
    // Every round leaves more to be read: to look for a smaller failure would take longer than the test may.
    { numRuns: 12, endOnFailure: true },
  )
})
