import { describe, test, type TestContext } from 'node:test'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { listEntryLocales } from '#app/content/list-entry-locales.ts'
import { listEntryVersions } from '#app/content/list-entry-versions.ts'
import { listReferences } from '#app/content/list-references.ts'
import { nameEntryVersion } from '#app/content/name-entry-version.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { unlocaliseEntry } from '#app/content/unlocalise-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { isDomainError } from '#domain/errors.ts'
import { pass } from '../../small-house.ts'
import { sharedContentHouse } from './content-house.ts'

const contentHouse = sharedContentHouse()

const faultsOf = (error: unknown) =>
  isDomainError(error, 'invalid') ? error.details.faults.map(({ field, fault }) => `${field} ${fault}`) : []

const missing = (what: string) => (error: unknown) =>
  isDomainError(error, 'not_found') && error.details.what === what

const wrong =
  (...faults: string[]) =>
  (error: unknown) =>
    JSON.stringify(faultsOf(error)) === JSON.stringify(faults)

describe('an entry', () => {
  test('is read as it was written, at any of its versions', async (t: TestContext) => {
    const { ctx, page, clock } = await contentHouse()
    const data = { title: 'Home', url: '/', price: 3, seo: { slug: 'home' }, tags: ['a'] }
    const made = await createEntry(ctx, { ...page, uid: 'blt1', data })
    const read = await getEntry(ctx, { ...page, uid: 'blt1' })
    t.assert.deepEqual(read, made)
    t.assert.equal(read.version, 1)
    pass(clock, 60)
    const updated = await updateEntry(ctx, {
      ...page,
      uid: 'blt1',
      data: { price: 4, _version: 1, uid: 'x' },
    })
    t.assert.deepEqual(updated.data, { ...data, price: 4 })
    t.assert.deepEqual(await getEntry(ctx, { ...page, uid: 'blt1' }), updated)
    const first = await getEntry(ctx, { ...page, uid: 'blt1', version: 1 })
    t.assert.deepEqual(first.data, data)
    const { versions, total } = await listEntryVersions(ctx, {
      ...page,
      uid: 'blt1',
      limit: 10,
      with_total: true,
    })
    t.assert.deepEqual(
      versions.map(({ version }) => version),
      [2, 1],
    )
    t.assert.equal(total, 2)
  })

  test('that is not there says which of its names leads nowhere', async (t: TestContext) => {
    const { ctx, page, write } = await contentHouse()
    await write('blt1', { title: 'Home' })
    const asked = { ...page, uid: 'blt1' }
    await t.assert.rejects(getEntry(ctx, { ...asked, uid: 'blt2' }), missing('entry'))
    await t.assert.rejects(getEntry(ctx, { ...asked, branch: 'dev' }), missing('branch'))
    await t.assert.rejects(getEntry(ctx, { ...asked, locale: 'de-de' }), missing('locale'))
    await t.assert.rejects(getEntry(ctx, { ...asked, content_type_uid: 'post' }), missing('content type'))
    for (const version of [7, 0, 1.5, 1e12])
      await t.assert.rejects(getEntry(ctx, { ...asked, version }), missing('version'))
    await t.assert.rejects(getEntry(ctx, { ...asked, locale: 'fr-fr', fallback: false }), missing('entry'))
    await t.assert.rejects(
      createEntry(ctx, { ...asked, content_type_uid: 'post', data: { title: 'x' } }),
      missing('content type'),
    )
    await t.assert.rejects(updateEntry(ctx, { ...asked, uid: 'blt2', data: {} }), missing('entry'))
    await t.assert.rejects(createEntry(ctx, { ...asked, data: { title: 'Again' } }), (error: unknown) =>
      isDomainError(error, 'already_exists'),
    )
  })

  test('with faults is not written', async (t: TestContext) => {
    const { ctx, page } = await contentHouse()
    const data = { url: 7, nonsense: 1, blocks: [{ hero: {} }] } as never
    await t.assert.rejects(
      createEntry(ctx, { ...page, uid: 'blt1', data }),
      wrong(
        'entry.nonsense unknown',
        'entry.title required',
        'entry.url invalid',
        'entry.blocks.0.hero.title required',
      ),
    )
    await t.assert.rejects(getEntry(ctx, { ...page, uid: 'blt1' }), missing('entry'))
  })

  test('in progress may leave mandatory fields empty', async (t: TestContext) => {
    const { ctx, page } = await contentHouse()
    const made = await createEntry(ctx, { ...page, uid: 'blt1', data: { url: '/x' }, in_progress: true })
    t.assert.equal(made.in_progress, true)
    t.assert.equal((await getEntry(ctx, { ...page, uid: 'blt1' })).in_progress, true)
    await t.assert.rejects(
      updateEntry(ctx, { ...page, uid: 'blt1', data: {} }),
      wrong('entry.title required'),
    )
    const done = await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Done' } })
    t.assert.equal(done.in_progress, false)
  })
})

describe('a locale of an entry', () => {
  test('falls back along its chain, and has versions of its own once it is written', async (t: TestContext) => {
    const { ctx, page, write } = await contentHouse()
    await write('blt1', { title: 'Home', url: '/' })
    const read = async (locale: string) => {
      const entry = await getEntry(ctx, { ...page, uid: 'blt1', locale })
      return `${entry.locale} ${entry.version} ${entry.title}`
    }
    t.assert.equal(await read('fr-ca'), 'en-us 1 Home')
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Accueil' } })
    t.assert.equal(await read('fr-ca'), 'fr-fr 1 Accueil')
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca', data: {} })
    t.assert.equal(await read('fr-ca'), 'fr-ca 1 Accueil')
    t.assert.equal((await getEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca' })).data.url, '/')
    const locales = await listEntryLocales(ctx, { ...page, uid: 'blt1' })
    t.assert.deepEqual(
      locales.map(({ code, localized }) => [code, localized]),
      [
        ['en-us', true],
        ['fr-ca', true],
        ['fr-fr', true],
      ],
    )
    await unlocaliseEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca' })
    t.assert.equal(await read('fr-ca'), 'fr-fr 1 Accueil')
    await t.assert.rejects(unlocaliseEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca' }), missing('locale'))
    await t.assert.rejects(
      unlocaliseEntry(ctx, { ...page, uid: 'blt1', locale: 'en-us' }),
      wrong('locale invalid'),
    )
    // Written anew, it counts on: what pinned version 1 still has it.
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca', data: {} })
    t.assert.equal(await read('fr-ca'), 'fr-ca 2 Accueil')
  })

  test('has the value of the master where a field is not localised', async (t: TestContext) => {
    const { ctx, page, write } = await contentHouse()
    await write('blt1', { title: 'Home', price: 3, seo: { canonical: '/a', slug: 'home' } })
    const french = { title: 'Accueil', price: 99, seo: { canonical: '/fr', slug: 'accueil' } }
    const made = await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: french })
    t.assert.deepEqual(made.data, {
      title: 'Accueil',
      price: 3,
      seo: { canonical: '/a', slug: 'accueil' },
    })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { url: '/x' } })
    t.assert.equal((await getEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr' })).version, 1)
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { price: 5 } })
    const carried = await getEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr' })
    t.assert.deepEqual([carried.version, carried.data.price, carried.title], [2, 5, 'Accueil'])
    const before = await getEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', version: 1 })
    t.assert.equal(before.data.price, 3)
  })
})

describe('unique fields', () => {
  test('hold within a locale, and let go', async (t: TestContext) => {
    const { ctx, page, write } = await contentHouse()
    await write('blt1', { title: 'Home', seo: { slug: 'home' } })
    await t.assert.rejects(
      createEntry(ctx, { ...page, uid: 'blt2', data: { title: 'Home', seo: { slug: 'home' } } }),
      (error: unknown) => {
        t.assert.deepEqual(faultsOf(error).toSorted(), [
          'entry.seo.slug not_unique',
          'entry.title not_unique',
        ])
        return true
      },
    )
    await write('blt2', { title: 'Home' }, 'fr-fr')
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Home', url: '/' } })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Start' } })
    await write('blt3', { title: 'Home' })
    await t.assert.rejects(
      updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Home' } }),
      wrong('entry.title not_unique'),
    )
    await removeEntry(ctx, { ...page, uid: 'blt3', locales: 'all' })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Home' } })
  })

  test('cannot be won twice by entries created at once', async (t: TestContext) => {
    const { ctx, page } = await contentHouse()
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        createEntry(ctx, { ...page, uid: `blt${n}`, data: { title: 'Only' } }),
      ),
    )
    const won = tries.filter(({ status }) => status === 'fulfilled')
    const lost = tries.flatMap((each) => (each.status === 'rejected' ? faultsOf(each.reason) : []))
    t.assert.equal(won.length, 1)
    t.assert.deepEqual(lost, Array(11).fill('entry.title not_unique'))
    const { total } = await listEntries(ctx, { ...page, limit: 1, with_total: true })
    t.assert.equal(total, 1)
  })

  test('are swapped by nobody at once, and nobody waits for ever', async (t: TestContext) => {
    const { ctx, page, write } = await contentHouse()
    await write('blt1', { title: 'One', seo: { slug: 'one' } })
    await write('blt2', { title: 'Two', seo: { slug: 'two' } })
    for (let round = 0; round < 10; round += 1) {
      const tries = await Promise.allSettled([
        updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Two', seo: { slug: 'two' } } }),
        updateEntry(ctx, { ...page, uid: 'blt2', data: { title: 'One', seo: { slug: 'one' } } }),
      ])
      for (const each of tries) t.assert.equal(each.status === 'rejected' && faultsOf(each.reason).length, 2)
    }
  })
})

test('updates of one entry at once are all kept, each under its own number', async (t: TestContext) => {
  const { ctx, page, write } = await contentHouse()
  await write('blt1', { title: 'Counter', tags_of_page: [] })
  const writes = Array.from({ length: 20 }, (_, n) =>
    updateEntry(ctx, {
      ...page,
      uid: 'blt1',
      data: n % 2 === 0 ? { url: `/${n}` } : { seo: { slug: `s${n}` } },
      ...(n % 4 === 3 ? { locale: 'fr-fr' } : {}),
    }),
  )
  const written = await Promise.all(writes)
  const numbers = (locale: string) =>
    written
      .filter((each) => each.locale === locale)
      .map(({ version }) => version)
      .toSorted((a, b) => a - b)
  t.assert.deepEqual(
    numbers('en-us'),
    Array.from({ length: 15 }, (_, n) => n + 2),
  )
  t.assert.deepEqual(numbers('fr-fr'), [1, 2, 3, 4, 5])
  const latest = await getEntry(ctx, { ...page, uid: 'blt1' })
  t.assert.equal(latest.version, 16)
  t.assert.ok(latest.data.url && latest.data.seo, 'no update took back what another had written')
})

test('versions have names, each name one version', async (t: TestContext) => {
  const { ctx, page, write } = await contentHouse()
  await write('blt1', { title: 'Home' })
  await updateEntry(ctx, { ...page, uid: 'blt1', data: {} })
  const name = (version: number, text: string | null, force = false) =>
    nameEntryVersion(ctx, { ...page, uid: 'blt1', version, name: text, force })
  await name(1, 'launch')
  await t.assert.rejects(name(2, 'launch'), wrong('name not_unique'))
  await name(2, 'launch', true)
  await t.assert.rejects(name(9, 'other'), missing('version'))
  const { versions } = await listEntryVersions(ctx, { ...page, uid: 'blt1', limit: 5 })
  t.assert.deepEqual(
    versions.map((each) => each.name),
    ['launch', null],
  )
})

test('references are found from the other side, as the latest versions have them', async (t: TestContext) => {
  const { ctx, page, place, write } = await contentHouse()
  await createContentType(ctx, {
    ...place,
    uid: 'note',
    title: 'Note',
    fields: [
      { uid: 'title', type: 'text' },
      { uid: 'body', type: 'json' },
    ],
  })
  await write('blt1', { title: 'Target' })
  await write('blt2', { title: 'By field', related: ['blt1'] })
  const body = { children: [{ type: 'reference', attrs: { 'entry-uid': 'blt1' } }] }
  await createEntry(ctx, {
    ...place,
    content_type_uid: 'note',
    uid: 'blt3',
    data: { title: 'In text', body },
  })
  const pointing = async () =>
    (await listReferences(ctx, { ...place, uid: 'blt1' })).map((each) => [
      each.entry_uid,
      each.content_type_title,
    ])
  t.assert.deepEqual(await pointing(), [
    ['blt3', 'Note'],
    ['blt2', 'Page'],
  ])
  await updateEntry(ctx, { ...page, uid: 'blt2', data: { related: [] } })
  t.assert.deepEqual(await pointing(), [['blt3', 'Note']])
})
