import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { asPrincipal, transact } from '#app/context.ts'
import { applyContentBase } from '#app/content/create-content-base.ts'
import { createBranch } from '#app/content/create-branch.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { createLocale } from '#app/content/create-locale.ts'
import { getBranch, listBranches } from '#app/content/get-branch.ts'
import { getContentType } from '#app/content/get-content-type.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { getLocale, listLocales } from '#app/content/get-locale.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { removeLocale } from '#app/content/remove-locale.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { updateLocale } from '#app/content/update-locale.ts'
import { createProject } from '#app/projects/create-project.ts'
import { chainOf, wouldCircle } from '#catalogue/content/locales.ts'
import { isDomainError } from '#domain/errors.ts'
import { smallHouse } from '../../small-house.ts'
import { sharedContentHouse, principalOf } from './content-house.ts'

const contentHouse = sharedContentHouse()

const wrong =
  (...faults: string[]) =>
  (error: unknown) =>
    isDomainError(error, 'invalid') &&
    JSON.stringify(error.details.faults.map(({ field, fault }) => `${field} ${fault}`)) ===
      JSON.stringify(faults)

const failing =
  (code: 'not_found' | 'already_exists' | 'in_use' | 'forbidden' | 'version_conflict') => (error: unknown) =>
    isDomainError(error, code)

describe('locales', () => {
  test('fall back without circles, whatever is changed in whatever order', () => {
    const codes = ['en', 'fr', 'de', 'it', 'es']
    const changes = fc.array(fc.tuple(fc.constantFrom(...codes.slice(1)), fc.constantFrom(...codes)), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(changes, (wanted) => {
        const locales = codes.map((code, n) => ({
          code,
          fallback_code: n === 0 ? null : ('en' as string | null),
        }))
        for (const [code, fallback] of wanted) {
          const locale = locales.find((each) => each.code === code)
          if (locale && !wouldCircle(locales, code, fallback)) locale.fallback_code = fallback
        }
        return codes.every(
          (code) => chainOf(locales, code).at(-1) === 'en' && chainOf(locales, code)[0] === code,
        )
      }),
    )
  })

  test('are created, changed and removed', async (t: TestContext) => {
    const { ctx, project_id, page, write } = await contentHouse()
    const german = await createLocale(ctx, { project_id, code: 'de-de' })
    t.assert.deepEqual([german.name, german.fallback], ['German (Germany)', 'en-us'])
    await t.assert.rejects(createLocale(ctx, { project_id, code: 'de-de' }), failing('already_exists'))
    await t.assert.rejects(createLocale(ctx, { project_id, code: 'DE' }), wrong('code invalid'))
    await t.assert.rejects(
      createLocale(ctx, { project_id, code: 'de', fallback: 'xx' }),
      wrong('fallback invalid'),
    )
    await updateLocale(ctx, { project_id, code: 'de-de', name: 'Deutsch', fallback: 'fr-ca' })
    t.assert.equal((await getLocale(ctx, { project_id, code: 'de-de' })).name, 'Deutsch')
    await t.assert.rejects(
      updateLocale(ctx, { project_id, code: 'fr-fr', fallback: 'de-de' }),
      wrong('fallback invalid'),
    )
    await t.assert.rejects(
      updateLocale(ctx, { project_id, code: 'en-us', fallback: 'fr-fr' }),
      wrong('fallback immutable'),
    )
    await t.assert.rejects(updateLocale(ctx, { project_id, code: 'xx', name: 'X' }), failing('not_found'))
    const codes = (await listLocales(ctx, { project_id })).map(({ code }) => code)
    t.assert.deepEqual(codes, ['en-us', 'de-de', 'fr-ca', 'fr-fr'])
    await write('blt1', { title: 'Home' })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'de-de', data: { title: 'Heim' } })
    const remove = (code: string) => removeLocale(ctx, { project_id, code })
    await t.assert.rejects(remove('en-us'), wrong('code immutable'))
    await t.assert.rejects(remove('fr-fr'), failing('in_use'))
    await t.assert.rejects(remove('de-de'), failing('in_use'))
    await t.assert.rejects(remove('xx'), failing('not_found'))
    await createLocale(ctx, { project_id, code: 'it-it' })
    await remove('it-it')
    await t.assert.rejects(getLocale(ctx, { project_id, code: 'it-it' }), failing('not_found'))
  })

  test('close no circle when two are changed at once', async (t: TestContext) => {
    const { ctx, project_id } = await contentHouse()
    await createLocale(ctx, { project_id, code: 'de-de' })
    const tries = await Promise.allSettled([
      updateLocale(ctx, { project_id, code: 'fr-fr', fallback: 'de-de' }),
      updateLocale(ctx, { project_id, code: 'de-de', fallback: 'fr-ca' }),
    ])
    t.assert.deepEqual(tries.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  test('are made what is declared, and declared again change nothing', async (t: TestContext) => {
    const { ctx } = await smallHouse(t)
    const { id: project_id } = await createProject(ctx, { name: 'Website', kind: 'content' })
    const apply = (declared: { master?: string; fallback?: string; name?: string } = {}) =>
      transact(ctx, (unit) =>
        applyContentBase(ctx, unit, {
          project_id,
          master_locale: declared.master ?? 'en-us',
          locales: [
            { code: 'fr-fr', ...(declared.name ? { name: declared.name } : {}) },
            { code: 'fr-ca', fallback: declared.fallback ?? 'fr-fr' },
          ],
        }),
      )
    t.assert.deepEqual(await apply(), ['+ master locale en-us', '+ locale fr-fr', '+ locale fr-ca'])
    t.assert.deepEqual(await apply(), [])
    t.assert.deepEqual(await apply({ name: 'Français' }), ['~ locale fr-fr'])
    t.assert.deepEqual(await apply({ fallback: 'en-us' }), ['~ locale fr-ca'])
    await t.assert.rejects(apply({ master: 'fr-fr' }), wrong('master_locale immutable'))
    t.assert.equal((await getBranch(ctx, { project_id, uid: 'main' })).source, null)
  })
})

describe('a branch', () => {
  test('starts with all that its source holds, and goes its own way', async (t: TestContext) => {
    const { ctx, project_id, page, write } = await contentHouse()
    await write('blt1', { title: 'Home', seo: { slug: 'home' } })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { url: '/' } })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Accueil' } })
    await write('blt2', { title: 'Other' })
    const dev = { ...page, branch: 'dev' }
    await createBranch(ctx, { project_id, uid: 'dev' })
    const [main, copy] = [
      await getEntry(ctx, { ...page, uid: 'blt1' }),
      await getEntry(ctx, { ...dev, uid: 'blt1' }),
    ]
    t.assert.notEqual(copy.id, main.id)
    t.assert.deepEqual({ ...copy, id: main.id }, main)
    t.assert.equal((await getEntry(ctx, { ...dev, uid: 'blt1', version: 1 })).data.url, undefined)
    t.assert.equal((await getEntry(ctx, { ...dev, uid: 'blt1', locale: 'fr-fr' })).title, 'Accueil')
    t.assert.equal((await listEntries(ctx, { ...dev, limit: 9, with_total: true })).total, 2)
    await t.assert.rejects(
      createEntry(ctx, { ...dev, uid: 'blt3', data: { title: 'Home' } }),
      wrong('entry.title not_unique'),
    )
    await updateEntry(ctx, { ...dev, uid: 'blt1', data: { title: 'Dev' } })
    t.assert.equal((await getEntry(ctx, { ...page, uid: 'blt1' })).title, 'Home')
    t.assert.equal((await updateEntry(ctx, { ...page, uid: 'blt1', data: {} })).version, 3)
    const type = await getContentType(ctx, { ...dev, uid: 'page' })
    t.assert.deepEqual(type.fields, (await getContentType(ctx, { ...page, uid: 'page' })).fields)
  })

  test('has a uid of its own and a source that is there', async (t: TestContext) => {
    const { ctx, project_id } = await contentHouse()
    await createBranch(ctx, { project_id, uid: 'dev' })
    await t.assert.rejects(createBranch(ctx, { project_id, uid: 'dev' }), failing('already_exists'))
    await t.assert.rejects(createBranch(ctx, { project_id, uid: 'x', source: 'y' }), failing('not_found'))
    await t.assert.rejects(createBranch(ctx, { project_id, uid: 'A/b' }), wrong('uid invalid'))
    t.assert.deepEqual(
      (await listBranches(ctx, { project_id })).map(({ uid, source }) => [uid, source]),
      [
        ['main', null],
        ['dev', 'main'],
      ],
    )
  })
})

describe('who may', () => {
  test('edit the catalogue, read it, or neither', async (t: TestContext) => {
    const { ctx, project_id, place, page, write } = await contentHouse()
    await write('blt1', { title: 'Home' })
    const viewer = principalOf(ctx, { grants: [{ project_id, role: 'viewer' }] })
    const stranger = principalOf(ctx, {})
    const narrow = principalOf(ctx, { grants: [{ project_id, role: 'releaser' }], scopes: ['release.edit'] })
    const elsewhere = principalOf(ctx, { grants: [{ project_id, role: 'admin' }], branches: ['dev'] })
    await getEntry(viewer, { ...page, uid: 'blt1' })
    for (const who of [stranger, narrow, elsewhere])
      await t.assert.rejects(getEntry(who, { ...page, uid: 'blt1' }), failing('forbidden'))
    const edits = (who: typeof ctx) => [
      () => createEntry(who, { ...page, uid: 'blt2', data: { title: 'x' } }),
      () => updateEntry(who, { ...page, uid: 'blt1', data: {} }),
      () => createContentType(who, { ...place, uid: 'x', title: 'x', fields: [] }),
      () => removeContentType(who, { ...place, uid: 'page' }),
      () => createBranch(who, { project_id, uid: 'x' }),
      () => createLocale(who, { project_id, code: 'de' }),
      () => removeLocale(who, { project_id, code: 'fr-ca' }),
    ]
    for (const who of [viewer, stranger, narrow])
      for (const edit of edits(who)) await t.assert.rejects(async () => edit(), failing('forbidden'))
    t.assert.equal(asPrincipal(ctx, null).principal, null)
  })
})
