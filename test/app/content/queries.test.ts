import { describe, test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { listEntries } from '#app/content/list-entries.ts'
import { listPublishedEntries } from '#app/content/published-entries.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import type { Condition, Order } from '#catalogue/content/condition.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { isDomainError } from '#domain/errors.ts'
import { testStore } from '../../fresh-store.ts'
import { pass } from '../../small-house.ts'
import { contentHouse } from './content-house.ts'

const entries: Record<string, JsonObject> = {
  blt1: { title: 'Apple', url: '/a', price: 1, tags_of_page: ['red', 'green'], seo: { slug: 'apple' } },
  blt2: {
    title: 'banana',
    url: '/b',
    price: 20,
    tags_of_page: ['yellow'],
    blocks: [{ hero: { title: 'Ripe' } }],
  },
  blt3: {
    title: 'Cherry',
    price: 3,
    url: null,
    tags: ['fruit'],
    blocks: [{ quote: { by: 'x' } }, { hero: { title: 'Red' } }],
  },
  blt4: { title: 'date [dried]', url: '/d/e', price: null, related: ['blt1'] },
}

const finds: [what: string, where: unknown, found: string][] = [
  ['a text', { field: 'title', is: 'equal', value: 'Apple' }, '1'],
  ['another text', { field: 'title', is: 'not_equal', value: 'Apple' }, '234'],
  ['one of a list', { field: 'tags_of_page', is: 'equal', value: 'green' }, '1'],
  ['a part of a group', { field: 'seo.slug', is: 'equal', value: 'apple' }, '1'],
  ['a part of a block', { field: 'blocks.hero.title', is: 'equal', value: 'Red' }, '3'],
  ['a reference', { field: 'related.uid', is: 'equal', value: 'blt1' }, '4'],
  ['a tag', { field: 'tags', is: 'in', value: ['fruit', 'nut'] }, '3'],
  ['less', { field: 'price', is: 'less', value: 3 }, '1'],
  ['at most', { field: 'price', is: 'at_most', value: 3 }, '13'],
  ['more', { field: 'price', is: 'more', value: 3 }, '2'],
  ['at least', { field: 'price', is: 'at_least', value: 3 }, '23'],
  ['numbers not among texts', { field: 'title', is: 'more', value: 3 }, ''],
  ['one of several', { field: 'price', is: 'in', value: [1, 3] }, '13'],
  ['none of several', { field: 'price', is: 'not_in', value: [1, 3] }, '24'],
  ['one of several, or nothing', { field: 'price', is: 'in', value: [1, null] }, '14'],
  ['nothing of nothing', { field: 'price', is: 'in', value: [] }, ''],
  ['what is filled in', { field: 'url', is: 'exists', value: true }, '124'],
  ['what is not filled in', { field: 'url', is: 'exists', value: false }, '3'],
  ['null', { field: 'url', is: 'equal', value: null }, '3'],
  ['a pattern', { field: 'title', is: 'matches', value: '^[a-b]' }, '2'],
  ['a pattern in any case', { field: 'title', is: 'matches', value: '^[a-b]', ignore_case: true }, '12'],
  ['a pattern in a list', { field: 'tags_of_page', is: 'matches', value: 'ell' }, '2'],
  ['a pattern with brackets of its own', { field: 'title', is: 'matches', value: '\\[dried\\]$' }, '4'],
  [
    'a pattern with numbers',
    { field: 'title', is: 'matches', value: '^([A-Za-z]{1,3}[^ ]{1,2}){1,3}$' },
    '123',
  ],
  [
    'a pattern with brackets in a list',
    { field: 'title', is: 'matches', value: '[({\\[\\]]d{1,2}[^}]{2,}' },
    '4',
  ],
  ['repeats in repeats without an end', { field: 'title', is: 'matches', value: '^((b|a+)+n?)+$' }, '2'],
  ['a whole word', { field: 'title', is: 'matches', value: '\\bdate\\b' }, '4'],
  [
    'all',
    {
      all: [
        { field: 'price', is: 'more', value: 0 },
        { field: 'url', is: 'equal', value: '/a' },
      ],
    },
    '1',
  ],
  [
    'any',
    {
      any: [
        { field: 'price', is: 'equal', value: 3 },
        { field: 'url', is: 'equal', value: '/a' },
      ],
    },
    '13',
  ],
  [
    'none',
    {
      none: [
        { field: 'price', is: 'equal', value: 3 },
        { field: 'url', is: 'equal', value: '/a' },
      ],
    },
    '24',
  ],
  ['all of nothing', { all: [] }, '1234'],
  ['any of nothing', { any: [] }, ''],
  ['a uid', { system: 'uid', is: 'equal', value: 'blt2' }, '2'],
  ['some uids', { system: 'uid', is: 'in', value: ['blt2', 'blt3', 'blt9'] }, '23'],
  ['a uid by pattern', { system: 'uid', is: 'matches', value: '[12]$' }, '12'],
  ['a version', { system: 'version', is: 'more', value: 1 }, '2'],
  ['a time', { system: 'updated_at', is: 'at_least', value: '2026-11-21T09:02:00Z' }, '234'],
  ['a time of another zone', { system: 'created_at', is: 'less', value: '2026-11-21T10:01:00+01:00' }, '1'],
  ['nobody', { system: 'created_by', is: 'equal', value: null }, '1234'],
  [
    'what a reference points at',
    { refers: 'related', to: { field: 'title', is: 'equal', value: 'Apple' } },
    '4',
  ],
  ['what no reference points at', { none: [{ refers: 'related', to: { all: [] } }] }, '123'],
  [
    'behind a reference behind a reference',
    { refers: 'related', to: { refers: 'related', to: { all: [] } } },
    '',
  ],
  ['a text anywhere', { says: 'RIPE' }, '2'],
  ['a text that looks like a pattern', { says: '[dried]' }, '4'],
  ['made after', { made: 'after', uid: 'blt2' }, '34'],
  ['made before', { made: 'before', uid: 'blt2' }, '1'],
  ['made after what is not there', { made: 'after', uid: 'blt9' }, ''],
  ['no date', { field: 'url', is: 'less', value: '2026-01-01', as_date: true }, ''],
  ['a field that is no field', { field: 'x"y.z', is: 'equal', value: 1 }, ''],
  ['a text that is SQL', { field: 'title', is: 'equal', value: `'; drop table content_item; --` }, ''],
]

const refused: [what: string, where: unknown][] = [
  ['nothing at all', 7],
  ['no operator', { field: 'a', value: 1 }],
  ['an operator that is none', { field: 'a', is: '$where', value: 1 }],
  ['no field', { is: 'equal', value: 1 }],
  ['an empty step', { field: 'a..b', is: 'equal', value: 1 }],
  ['NUL in a path', { field: 'a\0', is: 'equal', value: 1 }],
  ['NUL in a value', { field: 'a', is: 'equal', value: 'x\0' }],
  ['half a character', { field: 'a', is: 'equal', value: '\ud800' }],
  ['an object', { field: 'a', is: 'equal', value: { b: 1 } }],
  ['a list where none belongs', { field: 'a', is: 'equal', value: [1] }],
  ['no list where one belongs', { field: 'a', is: 'in', value: 1 }],
  ['a number as a pattern', { field: 'a', is: 'matches', value: 7 }],
  ['half a pattern', { field: 'a', is: 'matches', value: '(' }],
  ['a pattern that only JavaScript knows', { field: 'a', is: 'matches', value: '[z-' }],
  ['a pattern that refers back', { field: 'a', is: 'matches', value: '(a)\\1' }],
  ['a pattern that looks ahead', { field: 'a', is: 'matches', value: '(?=a)' }],
  ['a pattern that repeats for ever', { field: 'a', is: 'matches', value: '(a{1,250}){1,250}' }],
  ['a pattern that repeats what is repeated', { field: 'title', is: 'matches', value: '(?:(?:a?){100}){9}' }],
  [
    'a pattern that repeats one after another',
    { field: 'title', is: 'matches', value: '(?:a?){99}'.repeat(9) },
  ],
  ['a pattern that repeats at least', { field: 'title', is: 'matches', value: '(?:(?:a?){20,}b?){30}' }],
  ['a pattern that repeats borders', { field: 'title', is: 'matches', value: '(?:(?:^|$)*){60}' }],
  ['a pattern that repeats borders without a number', { field: 'title', is: 'matches', value: '(a|\\b)+' }],
  ['a pattern of many borders', { field: 'title', is: 'matches', value: '(?:^a*|b*$)'.repeat(23) }],
  ['a pattern that hides what it repeats', { field: 'title', is: 'matches', value: '[]((?:a?){100}){9}[]' }],
  ['a pattern that is too long', { field: 'title', is: 'matches', value: 'a'.repeat(257) }],
  [
    'too many patterns',
    { any: Array.from({ length: 11 }, (_, n) => ({ field: 'title', is: 'matches', value: `a${n}` })) },
  ],
  ['a pattern that the store alone refuses', { field: 'title', is: 'matches', value: 'a**' }],
  ['a system field that is none', { system: 'secret', is: 'equal', value: 1 }],
  ['a version that is none', { system: 'version', is: 'equal', value: 1.5 }],
  ['a day that is none', { system: 'created_at', is: 'less', value: 'tomorrow' }],
  ['a user that is none', { system: 'created_by', is: 'equal', value: 'ada' }],
  ['no reference', { refers: 'a..b', to: { all: [] } }],
  ['nothing behind a reference', { refers: 'a' }],
  [
    'too much behind references',
    { any: Array.from({ length: 6 }, () => ({ refers: 'related', to: { all: [] } })) },
  ],
  ['an empty text', { says: '' }],
  ['a text with NUL', { says: '\0' }],
  ['too deep', Array.from({ length: 40 }).reduce<unknown>((inner) => ({ all: [inner] }), { all: [] })],
  ['too many', { all: Array.from({ length: 200 }, () => ({ field: 'a', is: 'equal', value: 1 })) }],
]

async function orchard(t: TestContext) {
  const house = await contentHouse(t)
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
  const { ctx, page, staging, publish } = await orchard(t)
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

test('what looks like a date and is none is said to be in the way', async (t: TestContext) => {
  const { ctx, page, write } = await contentHouse(t)
  await write('blt1', { title: 'One', url: '2024-02-31' })
  const where: Condition = { field: 'url', is: 'less', value: '2026-01-01', as_date: true }
  await t.assert.rejects(listEntries(ctx, { ...page, where, limit: 10 }), (error) =>
    isDomainError(error, 'invalid'),
  )
})

test('conditions that cannot be asked are refused', async (t: TestContext) => {
  const { ctx, page, staging } = await contentHouse(t)
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
  const { ctx, page, staging } = await orchard(t)
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
    const { ctx, page } = await orchard(t)
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
    const { ctx, page, staging, publish } = await orchard(t)
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
    const { ctx, page } = await orchard(t)
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
