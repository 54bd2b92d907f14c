import { describe, test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { listEntries } from '#app/content/list-entries.ts'
import { listPublishedEntries } from '#app/content/published-entries.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import type { Condition, Order } from '#catalogue/content/condition.ts'
import { isDomainError } from '#domain/errors.ts'
import { testStore } from '../../fresh-store.ts'
import { pass } from '../../small-house.ts'
import { contentHouse as openContentHouse, sharedContentHouse, type ContentHouse } from './content-house.ts'
import { entries, finds, refused } from './query-cases.ts'

const contentHouse = sharedContentHouse()

async function orchard(own?: ContentHouse) {
  const house = own ?? (await contentHouse())
  for (const [uid, data] of Object.entries(entries)) {
    await house.write(uid, data)
    pass(house.clock, 60)
  }
  await updateEntry(house.ctx, { ...house.page, uid: 'blt2', data: {} })
  return house
}

const digits = (items: { uid: string }[]) =>
  items
    .map(({ uid }) => uid.slice(3))
    .toSorted()
    .join('')

test('drafts and what is live are found by the same conditions', async (t: TestContext) => {
  // In a house of its own: the conditions name times of its clock.
  const { ctx, page, staging, publish } = await orchard(await openContentHouse(t))
  await publish(Object.keys(entries).map((uid) => ({ uid })))
  for (const [what, where, found] of finds) {
    const asked = { ...page, where: where as Condition, limit: 10 }
    const drafts = await listEntries(ctx, { ...asked, with_total: true })
    t.assert.equal(digits(drafts.entries), found, `drafts: ${what}`)
    t.assert.equal(drafts.total, found.length, `total of drafts: ${what}`)
    const live = await listPublishedEntries(ctx, { ...asked, environment_id: staging, with_total: true })
    t.assert.equal(digits(live.items), found, `live: ${what}`)
    t.assert.equal(live.total, found.length, `total of live: ${what}`)
  }
})

test('what looks like a date and is none is neither before nor after any', async (t: TestContext) => {
  const { ctx, page, write } = await contentHouse()
  await write('blt1', { title: 'One', url: '2024-02-31' })
  await write('blt2', { title: 'Two', url: '2024-02-29T23:30:00-01:00' })
  const asked = async (value: string) => {
    const where: Condition = { field: 'url', is: 'less', value, as_date: true }
    return digits((await listEntries(ctx, { ...page, where, limit: 10 })).entries)
  }
  t.assert.equal(await asked('2024-03-01T00:31:00Z'), '2')
  t.assert.equal(await asked('2024-03-01T00:30:00Z'), '')
})

test('conditions that cannot be asked are refused', async (t: TestContext) => {
  const { ctx, page, staging } = await contentHouse()
  for (const [what, where] of refused) {
    const asked = { ...page, where: where as Condition, limit: 10 }
    const invalid = (error: unknown) =>
      isDomainError(error, 'invalid') && error.details.faults.every(({ field }) => field.startsWith('where'))
    await t.assert.rejects(listEntries(ctx, asked), invalid, `drafts: ${what}`)
    await t.assert.rejects(
      listPublishedEntries(ctx, { ...asked, environment_id: staging }),
      invalid,
      `live: ${what}`,
    )
  }
})

test('a pattern on which PostgreSQL works for too long is refused', async (t: TestContext) => {
  if (testStore !== 'postgres') return t.skip('the embedded store cannot be stopped')
  const { ctx, page, staging } = await orchard()
  const where: Condition = { none: [{ field: 'title', is: 'matches', value: 'a' }] }
  const tooSlow = (error: unknown) =>
    isDomainError(error, 'invalid') && /takes too long/.test(error.details.faults[0]?.detail ?? '')
  // Whoever waits for the table is at work as long as one whose pattern is slow.
  await ctx.db.transaction().execute(async (tx) => {
    await sql`lock table content_version in access exclusive mode`.execute(tx)
    const asked = { ...page, limit: 10 }
    const plain = listEntries(ctx, asked)
    await Promise.all([
      t.assert.rejects(listEntries(ctx, { ...asked, where }), tooSlow),
      t.assert.rejects(listPublishedEntries(ctx, { ...asked, where, environment_id: staging }), tooSlow),
    ])
    await sql`rollback`.execute(tx)
    t.assert.equal((await plain).entries.length, 4, 'nothing else is ended')
  })
})

describe('a list', () => {
  test('has the latest updated first, and pages', async (t: TestContext) => {
    const { ctx, page } = await orchard()
    const uids = async (limit: number, offset: number) =>
      (await listEntries(ctx, { ...page, limit, offset })).entries.map(({ uid }) => uid.slice(3)).join('')
    t.assert.equal(await uids(10, 0), '2431')
    t.assert.equal(await uids(2, 1), '43')
    t.assert.equal(await uids(2, 9), '')
    const beyond = await listEntries(ctx, { ...page, limit: 2, offset: 9, with_total: true })
    t.assert.deepEqual(beyond, { entries: [], total: 4 })
    const counted = await listEntries(ctx, { ...page, limit: 0, with_total: true })
    t.assert.deepEqual(counted, { entries: [], total: 4 })
  })

  test('is sorted by fields, what has no value last', async (t: TestContext) => {
    const { ctx, page, staging, publish } = await orchard()
    await publish(Object.keys(entries).map((uid) => ({ uid })))
    const sorted = async (order: Order[]) => {
      const drafts = await listEntries(ctx, { ...page, order, limit: 10 })
      const live = await listPublishedEntries(ctx, { ...page, environment_id: staging, order, limit: 10 })
      const told = (items: { uid: string }[]) => items.map(({ uid }) => uid.slice(3)).join('')
      t.assert.equal(told(drafts.entries), told(live.items))
      return told(live.items)
    }
    t.assert.equal(await sorted([{ field: 'price', direction: 'ascending' }]), '1324')
    t.assert.equal(await sorted([{ field: 'price', direction: 'descending' }]), '2314')
    t.assert.equal(await sorted([{ field: 'title', direction: 'ascending' }]), '1324')
    t.assert.equal(await sorted([{ system: 'created_at', direction: 'ascending' }]), '1234')
    await t.assert.rejects(sorted([{ system: 'x' as 'uid', direction: 'ascending' }]), /invalid/)
  })

  test('of a locale says of each entry what the nearest written locale says', async (t: TestContext) => {
    const { ctx, page } = await orchard()
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Pomme' } })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca', data: { title: 'Pomme (ca)' } })
    await updateEntry(ctx, { ...page, uid: 'blt3', locale: 'fr-fr', data: { title: 'Cerise' } })
    const titles = async (locale: string, fallback: boolean) => {
      const { entries: found, total } = await listEntries(ctx, {
        ...page,
        locale,
        fallback,
        limit: 9,
        with_total: true,
      })
      t.assert.equal(total, found.length)
      return found.map(({ title }) => title).toSorted()
    }
    t.assert.deepEqual(await titles('fr-ca', true), ['Cerise', 'Pomme (ca)', 'banana', 'date [dried]'])
    t.assert.deepEqual(await titles('fr-fr', true), ['Cerise', 'Pomme', 'banana', 'date [dried]'])
    t.assert.deepEqual(await titles('fr-fr', false), ['Cerise', 'Pomme'])
    t.assert.deepEqual(await titles('en-us', true), ['Apple', 'Cherry', 'banana', 'date [dried]'])
    const one = await listEntries(ctx, { ...page, uids: ['blt1', 'blt9'], limit: 9 })
    t.assert.deepEqual(digits(one.entries), '1')
  })
})
