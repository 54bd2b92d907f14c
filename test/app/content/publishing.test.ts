import { describe, test, type TestContext } from 'node:test'
import { createEntry } from '#app/content/create-entry.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { listPublishDetails } from '#app/content/list-publish-details.ts'
import { getPublishedEntry, listPublishedEntries } from '#app/content/published-entries.ts'
import { listPublishedItems } from '#app/content/published-items.ts'
import { getPublishedContentType, listPublishedContentTypes } from '#app/content/published-types.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { removeLocale } from '#app/content/remove-locale.ts'
import { updateContentType } from '#app/content/update-content-type.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { isDomainError } from '#domain/errors.ts'
import { sharedContentHouse, pageFields, principalOf, type ContentHouse } from './content-house.ts'

const contentHouse = sharedContentHouse()

const missing = (error: unknown) => isDomainError(error, 'not_found')

/** What readers are served of an entry: `<locale> <version> <title>`, or nothing. */
async function served({ ctx, page, staging }: ContentHouse, uid: string, locale?: string, fallback = false) {
  try {
    const asked = { ...page, environment_id: staging, uid, fallback, ...(locale ? { locale } : {}) }
    const entry = await getPublishedEntry(ctx, asked)
    return `${entry.locale} ${entry.version} ${entry.title}`
  } catch (error) {
    if (missing(error)) return ''
    throw error
  }
}

async function outcomes({ ctx }: ContentHouse, deployment_id: string): Promise<string[]> {
  const items = await listDeploymentItems(ctx, { deployment_id })
  return items.map(({ item_key, outcome, code }) =>
    [item_key.split('/').slice(1).join('/'), outcome, code ?? ''].join(' ').trim(),
  )
}

describe('publishing', () => {
  test('serves exactly the pinned version, and nothing before or beside it', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, production } = house
    await write('blt1', { title: 'One' })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Two' } })
    t.assert.equal(await served(house, 'blt1'), '')
    t.assert.equal((await publish([{ uid: 'blt1', version: 1 }])).state, 'succeeded')
    t.assert.equal(await served(house, 'blt1'), 'en-us 1 One')
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { title: 'Three' } })
    t.assert.equal(await served(house, 'blt1'), 'en-us 1 One')
    t.assert.equal((await publish([{ uid: 'blt1' }])).state, 'succeeded')
    t.assert.equal(await served(house, 'blt1'), 'en-us 3 Three')
    await t.assert.rejects(
      getPublishedEntry(ctx, { ...page, environment_id: production, uid: 'blt1' }),
      missing,
    )
    t.assert.equal((await publish([{ uid: 'blt1' }])).state, 'unchanged')
    const gone = await publish([{ uid: 'blt1', action: 'unpublish' }])
    t.assert.equal(gone.state, 'succeeded')
    t.assert.equal(await served(house, 'blt1'), '')
    t.assert.equal((await publish([{ uid: 'blt1', action: 'unpublish' }])).state, 'unchanged')
  })

  test('in a locale that is not written serves what it falls back to', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish } = house
    await write('blt1', { title: 'Home' })
    await publish([{ uid: 'blt1', locale: 'fr-ca' }])
    t.assert.equal(await served(house, 'blt1', 'fr-ca'), 'en-us 1 Home')
    t.assert.equal(await served(house, 'blt1'), '')
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Accueil' } })
    t.assert.equal(await served(house, 'blt1', 'fr-ca'), 'en-us 1 Home')
    await publish([{ uid: 'blt1', locale: 'fr-ca' }])
    t.assert.equal(await served(house, 'blt1', 'fr-ca'), 'fr-fr 1 Accueil')
    const details = await listPublishDetails(ctx, { ...page, uids: ['blt1', 'blt9'] })
    t.assert.deepEqual(
      details
        .get('blt1')
        ?.map((each) => [each.environment_name, each.locale, each.source_locale, each.version]),
      [['staging', 'fr-ca', 'fr-fr', 1]],
    )
    t.assert.equal(details.size, 1)
    const read = await getEntry(ctx, { ...page, uid: 'blt1', with_publish_details: true })
    t.assert.equal(read.publish_details?.length, 1)
  })

  test('of some items fails and the rest is served', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, place, write, publish, staging, production, run } = house
    await write('blt1', { title: 'Fine' })
    await write('blt2', { title: 'Old rules' })
    await write('blt3', { title: 'New rules', url: '/c' })
    await createEntry(ctx, { ...page, uid: 'blt4', data: {}, in_progress: true })
    const stricter = pageFields.map((each) => (each.uid === 'url' ? { ...each, mandatory: true } : each))
    await updateContentType(ctx, { ...place, uid: 'page', fields: stricter })
    await updateEntry(ctx, { ...page, uid: 'blt1', data: { url: '/a' } })
    const ended = await publish([{ uid: 'blt1' }, { uid: 'blt2' }, { uid: 'blt3' }, { uid: 'blt4' }])
    t.assert.equal(ended.state, 'partly_succeeded')
    t.assert.deepEqual(await outcomes(house, ended.id), [
      'blt1/en-us done',
      'blt2/en-us failed entry_invalid',
      'blt3/en-us done',
      'blt4/en-us failed entry_invalid',
    ])
    t.assert.equal(await served(house, 'blt1'), 'en-us 2 Fine')
    t.assert.equal(await served(house, 'blt2'), '')
    t.assert.equal(await served(house, 'blt3'), 'en-us 1 New rules')
    await removeEntry(ctx, { ...page, uid: 'blt3', locales: 'all' })
    await run()
    t.assert.equal(await served(house, 'blt3'), '')
    t.assert.ok(staging !== production)
  })
})

describe('reading in a locale', () => {
  test('takes what is live in the nearest fallback, if it may', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, staging } = house
    await write('blt1', { title: 'Home' })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-fr', data: { title: 'Accueil' } })
    await write('blt2', { title: 'Other' })
    await publish([{ uid: 'blt1' }, { uid: 'blt1', locale: 'fr-fr' }, { uid: 'blt2' }])
    t.assert.equal(await served(house, 'blt1', 'fr-ca'), '')
    t.assert.equal(await served(house, 'blt1', 'fr-ca', true), 'fr-fr 1 Accueil')
    t.assert.equal(await served(house, 'blt2', 'fr-ca', true), 'en-us 1 Other')
    t.assert.equal(await served(house, 'blt2', 'xx', true), '')
    const list = async (locale: string | undefined, fallback: boolean) => {
      const asked = { ...page, environment_id: staging, fallback, limit: 9, with_total: true }
      const { items, total } = await listPublishedEntries(ctx, { ...asked, ...(locale ? { locale } : {}) })
      t.assert.equal(total, items.length)
      return items.map((each) => `${each.title} ${each.published.locale}`).toSorted()
    }
    t.assert.deepEqual(await list(undefined, false), ['Home en-us', 'Other en-us'])
    t.assert.deepEqual(await list('fr-fr', false), ['Accueil fr-fr'])
    t.assert.deepEqual(await list('fr-ca', false), [])
    t.assert.deepEqual(await list('fr-ca', true), ['Accueil fr-fr', 'Other en-us'])
    t.assert.deepEqual(await list('xx', true), [])
    const some = await listPublishedItems(ctx, {
      ...page,
      environment_id: staging,
      uids: ['blt1', 'blt2', 'blt9'],
    })
    t.assert.deepEqual(some.map(({ title }) => title).toSorted(), ['Home', 'Other'])
    const french = { ...page, environment_id: staging, uids: ['blt1', 'blt2'], locale: 'fr-ca' }
    t.assert.deepEqual(await listPublishedItems(ctx, french), [])
    t.assert.equal((await listPublishedItems(ctx, { ...french, fallback: true })).length, 2)
  })

  test('needs the right to, for that environment and branch', async (t: TestContext) => {
    const { ctx, project_id, page, place, write, publish, staging, production } = await contentHouse()
    await write('blt1', { title: 'Home' })
    await publish([{ uid: 'blt1' }])
    const grants = [{ project_id, role: 'viewer' as const }]
    const reader = principalOf(ctx, {
      grants,
      scopes: ['live.read'],
      environment_ids: [staging],
      branches: ['main'],
    })
    const asked = { ...page, environment_id: staging, uid: 'blt1' }
    t.assert.equal((await getPublishedEntry(reader, asked)).title, 'Home')
    t.assert.equal((await getPublishedContentType(reader, { ...place, uid: 'page' })).title, 'Page')
    const { content_types } = await listPublishedContentTypes(reader, {
      ...place,
      environment_id: staging,
      limit: 5,
    })
    t.assert.equal(content_types.length, 1)
    const forbidden = (error: unknown) => isDomainError(error, 'forbidden')
    await t.assert.rejects(getPublishedEntry(reader, { ...asked, environment_id: production }), forbidden)
    await t.assert.rejects(getPublishedEntry(reader, { ...asked, branch: 'dev' }), forbidden)
    await t.assert.rejects(getEntry(reader, asked), forbidden)
    const drafter = principalOf(ctx, { grants, scopes: ['catalogue.read'] })
    await t.assert.rejects(getPublishedEntry(drafter, asked), forbidden)
    await t.assert.rejects(listPublishedItems(drafter, { ...asked, uids: [] }), forbidden)
    await t.assert.rejects(listPublishedContentTypes(drafter, { ...place, limit: 1 }), forbidden)
  })
})

describe('deleting', () => {
  test('what is live unpublishes it wherever it is', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, staging, production, run } = house
    await write('blt1', { title: 'Home' })
    await publish([{ uid: 'blt1' }, { uid: 'blt1', locale: 'fr-fr' }], [staging, production])
    const { unpublished_from } = await removeEntry(ctx, { ...page, uid: 'blt1', locales: 'all' })
    t.assert.deepEqual(unpublished_from, [staging, production])
    t.assert.equal(await served(house, 'blt1'), 'en-us 1 Home', 'until the deployment has run')
    await t.assert.rejects(getEntry(ctx, { ...page, uid: 'blt1' }), missing)
    await run()
    t.assert.equal(await served(house, 'blt1'), '')
    t.assert.equal(await served(house, 'blt1', 'fr-fr'), '')
    t.assert.equal((await listPublishDetails(ctx, { ...page, uids: ['blt1'] })).size, 0)
  })

  test('one locale leaves the others live', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, run, project_id } = house
    await write('blt1', { title: 'Home' })
    await updateEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca', data: { title: 'Accueil' } })
    await publish([{ uid: 'blt1' }, { uid: 'blt1', locale: 'fr-ca' }])
    await t.assert.rejects(removeEntry(ctx, { ...page, uid: 'blt1', locales: ['fr-fr'] }), missing)
    await t.assert.rejects(removeEntry(ctx, { ...page, uid: 'blt1', locales: ['xx'] }), missing)
    await removeEntry(ctx, { ...page, uid: 'blt1', locales: ['fr-ca'] })
    await t.assert.rejects(removeLocale(ctx, { project_id, code: 'fr-ca' }), /live/)
    await run()
    t.assert.equal(await served(house, 'blt1', 'fr-ca'), '')
    t.assert.equal(await served(house, 'blt1'), 'en-us 1 Home')
    t.assert.equal((await getEntry(ctx, { ...page, uid: 'blt1', locale: 'fr-ca' })).title, 'Home')
    await removeLocale(ctx, { project_id, code: 'fr-ca' })
    await removeEntry(ctx, { ...page, uid: 'blt1', locales: ['en-us'] })
    await t.assert.rejects(getEntry(ctx, { ...page, uid: 'blt1' }), missing)
  })

  test('a content type by force unpublishes its entries', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, place, write, publish, run, production, staging } = house
    for (const uid of ['blt1', 'blt2', 'blt3']) await write(uid, { title: uid })
    await publish([{ uid: 'blt1' }, { uid: 'blt2' }], [staging, production])
    await publish([{ uid: 'blt3' }])
    await removeContentType(ctx, { ...place, uid: 'page', force: true })
    await run()
    for (const uid of ['blt1', 'blt2', 'blt3']) t.assert.equal(await served(house, uid), '')
  })

  test('is put back by no rollback, which says what is gone and changes nothing', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, run, staging } = house
    for (const uid of ['blt1', 'blt2']) await write(uid, { title: uid })
    await publish([{ uid: 'blt1' }, { uid: 'blt2' }])
    const unpublished = await publish([
      { uid: 'blt1', action: 'unpublish' },
      { uid: 'blt2', action: 'unpublish' },
    ])
    await removeEntry(ctx, { ...page, uid: 'blt1', locales: 'all' })
    const { deployment } = await requestRollback(ctx, {
      environment_id: staging,
      deployment_id: unpublished.id,
    })
    await run()
    t.assert.deepEqual((await outcomes(house, deployment.id)).toSorted(), [
      'blt1/en-us failed item_deleted',
      'blt2/en-us left',
    ])
    t.assert.equal(await served(house, 'blt2'), '')
  })

  test('and publishing at once never leave a deleted entry live', async (t: TestContext) => {
    const house = await contentHouse()
    const { ctx, page, write, publish, run } = house
    for (let round = 0; round < 8; round += 1) {
      const uid = `blt${round}`
      await write(uid, { title: uid })
      const published = publish([{ uid }]).catch((error: unknown) => {
        if (!isDomainError(error, 'invalid')) throw error
      })
      await Promise.all([published, removeEntry(ctx, { ...page, uid, locales: 'all' })])
      await run()
      t.assert.equal(await served(house, uid), '', `round ${round}`)
    }
  })
})
