import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { listPublishedEntries } from '#app/content/published-entries.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { syncPublished, type SyncItem, type SyncStart } from '#app/content/sync-published.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { claimContentItem, removeContentItems } from '#store/content-item.ts'
import { sharePublishing } from '#store/publishing-hold.ts'
import { insertContentTypeRemoval, listContentTypeRemovals } from '#store/content-type-removal.ts'
import { isDomainError } from '#domain/errors.ts'
import { testStore } from '../../fresh-store.ts'
import { contentHouse, pageFields, type ContentHouse } from './content-house.ts'

const everything: SyncStart = { assets: true }

/** A client that keeps a copy of what it follows: what is served by uid and locale. */
class Follower {
  readonly copy = new Map<string, string>()
  token: string | undefined
  ended = false
  items: SyncItem[] = []
  #house: ContentHouse
  #start: SyncStart
  #limit: number

  constructor(house: ContentHouse, { start = everything, limit = 100 } = {}) {
    this.#house = house
    this.#start = start
    this.#limit = limit
  }

  /** One page. */
  async step(): Promise<void> {
    const { ctx, place, staging } = this.#house
    const from = this.token === undefined ? { start: this.#start } : { token: this.token }
    const asked = { ...place, environment_id: staging, limit: this.#limit, ...from }
    const { items, token, ended, total, skip } = await syncPublished(ctx, asked)
    if (total < skip + items.length) throw new Error('more than there are in all')
    this.token = token
    this.ended = ended
    this.items = items
    for (const { type, content_type_uid, uid, locale, view } of items) {
      if (type === 'content_type_deleted')
        for (const [key, value] of this.copy)
          if (value.startsWith(`${content_type_uid} `)) this.copy.delete(key)
      const key = this.#start.locales?.length === 1 ? `${uid}` : `${uid} ${locale}`
      if (view) this.copy.set(key, `${view.content_type_uid} ${view.version} ${view.locale}`)
      else this.copy.delete(key)
    }
  }

  /** All pages there are. */
  async catchUp(): Promise<string[]> {
    const told: string[] = []
    do {
      // oxlint-disable-next-line no-await-in-loop
      await this.step()
      told.push(
        ...this.items.map(({ type, uid, locale, content_type_uid: of }) =>
          [type, uid ?? of, locale ?? ''].join(' ').trim(),
        ),
      )
    } while (!this.ended)
    return told
  }
}

/** What readers are served, read whole. */
async function served(
  { ctx, place, staging, house }: ContentHouse,
  start: SyncStart,
): Promise<Map<string, string>> {
  if (start.locales?.length === 1) {
    const reader = {
      ...place,
      environment_id: staging,
      locale: start.locales[0]!,
      fallback: start.fallback ?? false,
    }
    const lists = await Promise.all(
      ['page', 'note'].map((uid) =>
        listPublishedEntries(ctx, { ...reader, content_type_uid: uid, limit: 1000 }),
      ),
    )
    return new Map(
      lists.flatMap(({ items }) =>
        items.map((one) => [one.uid, `${one.content_type_uid} ${one.version} ${one.locale}`] as const),
      ),
    )
  }
  const rows = await house.db
    .selectFrom('content_published as p')
    .innerJoin('content_item as i', 'i.id', 'p.item_id')
    .select(['i.uid', 'p.locale', 'p.content_type_uid', 'p.version', 'p.source_locale'])
    .where('p.environment_id', '=', staging)
    .execute()
  return new Map(
    rows.map((row) => [
      `${row.uid} ${row.locale}`,
      `${row.content_type_uid} ${row.version} ${row.source_locale}`,
    ]),
  )
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))

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
    { numRuns: 12 },
  )
})

function unlessMissing(error: unknown): void {
  if (!isDomainError(error, 'not_found') && !isDomainError(error, 'invalid')) throw error
}

const onPostgres = { skip: testStore !== 'postgres' && 'transactions do not overlap on PGlite' }

test(
  'nothing is missed while deployments, deletions and removals of types overlap',
  onPostgres,
  async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, page, place, write, publish, run, production, staging } = house
    const uids = Array.from({ length: 30 }, (_, n) => `p${n}`)
    for (const uid of uids) await write(uid, { title: uid })
    const client = new Follower(house, { limit: 7 })
    let busy = true
    const follow = async () => {
      while (busy) await client.step()
    }
    const deploy = async (environment: string, shift: number) => {
      for (let n = 0; n < 12; n += 1) {
        const some = uids.filter((_, at) => (at + n * shift) % 3 !== 0)
        await publish(
          some.map((uid, at) => ({ uid, action: (at + n) % 4 === 0 ? 'unpublish' : 'publish' })),
          [environment],
        ).catch(unlessMissing)
      }
    }
    const remove = async () => {
      for (const uid of uids.slice(20)) await removeEntry(ctx, { ...page, uid, locales: 'all' })
    }
    const types = async () => {
      for (const uid of ['x', 'y', 'z', 'w']) {
        await createContentType(ctx, { ...place, uid, title: uid, fields: pageFields })
        await createEntry(ctx, { ...place, content_type_uid: uid, uid: `of-${uid}`, data: { title: uid } })
        await removeContentType(ctx, { ...place, uid, force: true })
      }
    }
    const following = follow()
    await Promise.all([deploy(staging, 1), deploy(production, 2), remove(), types()])
    await run()
    busy = false
    await following
    await client.catchUp()
    t.assert.deepEqual(sorted(client.copy), sorted(await served(house, everything)))
  },
)

test(
  'what is being deleted is not published, and what is being published is seen by who deletes',
  onPostgres,
  async (t: TestContext) => {
    const house = await contentHouse(t)
    const {
      ctx,
      page,
      place,
      write,
      publish,
      house: { db },
    } = house
    for (const uid of ['gone', 'seen']) await write(uid, { title: uid })
    const later = <T>(work: Promise<T>) =>
      Promise.race([work.then(() => 'done'), new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])

    let published: ReturnType<typeof publish> | undefined
    await db.transaction().execute(async (tx) => {
      const item = await claimContentItem(tx, { ...place, uid: 'gone' }, 'entry', 'delete')
      published = publish([{ uid: 'gone' }])
      t.assert.equal(await later(published), 'waits')
      await removeContentItems(tx, [item!.id], ctx.now())
    })
    t.assert.equal((await published!).state, 'failed')

    let deleted: Promise<unknown> | undefined
    await publish([{ uid: 'seen' }])
    await db.transaction().execute(async (tx) => {
      await sharePublishing(tx, place.project_id)
      deleted = removeEntry(ctx, { ...page, uid: 'seen', locales: 'all' })
      t.assert.equal(await later(deleted), 'waits')
    })
    t.assert.deepEqual(await deleted, { unpublished_from: [house.staging] })
    await house.run()
    t.assert.deepEqual([...(await served(house, everything)).keys()], [])
  },
)

test(
  'a number that a transaction took does not become visible before a lower one',
  onPostgres,
  async (t: TestContext) => {
    const { house, project_id } = await contentHouse(t)
    const branch = await house.db
      .selectFrom('content_branch')
      .select('id')
      .where('project_id', '=', project_id)
      .executeTakeFirstOrThrow()
    const at = house.now()
    const removal = (uid: string) => ({ branch_id: branch.id, uid, at })
    const seen: string[][] = []
    const look = async () => {
      const rows = await listContentTypeRemovals(house.db, branch.id, { after: 0, limit: 10 })
      seen.push(rows.map(({ content_type_uid: uid }) => uid))
    }
    let second: Promise<void> | undefined
    await house.db.transaction().execute(async (first) => {
      await insertContentTypeRemoval(first, removal('first'))
      second = house.db.transaction().execute((tx) => insertContentTypeRemoval(tx, removal('second')))
      await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 200))])
      await look()
    })
    await second
    await look()
    t.assert.deepEqual(seen, [[], ['first', 'second']])
  },
)
