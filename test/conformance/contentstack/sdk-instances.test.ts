import { test, type TestContext } from 'node:test'
import { openStack } from './open-stack.ts'
import { sdkOf, type Instance } from './sdk.ts'

/** What every instance of the SDK must be able to do with what it was answered. */
function alive(t: TestContext, instance: Instance, fields: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(fields)) t.assert.deepEqual(instance[field], value, field)
  t.assert.equal(typeof instance.uid, 'string')
  t.assert.equal(typeof instance.delete, 'function')
}

test("the SDK's classes read what is answered", async (t: TestContext) => {
  const { sdk, stack, house, api_key } = await openStack(t)
  const { email } = house.credentials
  t.assert.equal((await sdk.getUser()).email, email)
  alive(t, await stack.fetch(), { name: 'Site', api_key, master_locale: 'en-us' })

  const qa = await stack.environment().create({
    environment: {
      name: 'qa',
      urls: [{ locale: 'en-us', url: 'http://qa.example.com/' }],
      deploy_content: true,
    },
  })
  alive(t, qa, { name: 'qa', urls: [{ locale: 'en-us', url: 'http://qa.example.com/' }] })
  qa.name = 'quality'
  alive(t, await qa.update(), { name: 'quality', urls: [{ locale: 'en-us', url: 'http://qa.example.com/' }] })
  const environments = await stack.environment().query({ include_count: true }).find()
  t.assert.equal(environments.count, 3)
  t.assert.equal((await stack.environment('quality').delete()).notice, 'Environment deleted successfully.')

  const german = await stack.locale().create({ locale: { code: 'de-de', fallback_locale: 'en-us' } })
  alive(t, german, { code: 'de-de', fallback_locale: 'en-us' })
  german.name = 'Deutsch'
  t.assert.equal((await german.update()).name, 'Deutsch')
  t.assert.equal((await stack.locale('de-de').fetch()).name, 'Deutsch')
  t.assert.equal((await stack.locale().query().find()).items.length, 3)
  t.assert.equal((await german.delete()).notice, 'Language removed successfully.')

  const type = await stack.contentType('page').fetch()
  alive(t, type, { title: 'Page', uid: 'page' })
  type.title = 'Web page'
  t.assert.equal((await type.update()).title, 'Web page')
  t.assert.equal((await stack.contentType().query().find()).items.length, 1)

  const entry = await type.entry().create({ entry: { title: 'Hello', body: 'text' } })
  alive(t, entry, { title: 'Hello', locale: 'en-us', _version: 1 })
  const fetched: Instance = await type.entry(entry.uid).fetch()
  fetched.title = 'Hello again'
  alive(t, await fetched.update(), { title: 'Hello again', body: 'text', _version: 2 })
  fetched.title = 'Bonjour'
  alive(t, await fetched.update({ locale: 'fr-fr' }), { title: 'Bonjour', locale: 'fr-fr', _version: 1 })
  const found = await type
    .entry()
    .query({ include_count: true, query: { title: 'Hello again' } })
    .find()
  t.assert.deepEqual([found.count, found.items[0]!.uid], [1, entry.uid])
  t.assert.deepEqual(await type.entry().query().count(), { entries: 1 })
  const publishDetails = { environments: ['production'], locales: ['en-us'] }
  const published = await entry.publish({ publishDetails, locale: 'en-us', version: 1 })
  t.assert.equal(published.notice, 'The requested action has been performed.')
  t.assert.equal((await entry.locales()).locales.length, 2)

  const release = await stack.release().create({
    release: { name: 'R', description: 'D', locked: false, archived: false },
  })
  alive(t, release, { name: 'R', description: 'D', locked: false, status: [] })
  const item = { uid: entry.uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' }
  const withItem: Instance = await release.item().create({ item })
  alive(t, withItem, { name: 'R' })
  t.assert.equal(withItem.items[0].version, 1)
  const opened = await stack.release(release.uid).fetch()
  opened.name = 'Renamed'
  alive(t, await opened.update(), { name: 'Renamed', locked: false })
  t.assert.equal((await stack.release(release.uid).item().findAll({ include_count: true })).count, 1)
  const removed = await opened.items[0].delete({ items: [item] })
  t.assert.equal(removed.notice, 'Item(s) send to remove from release successfully.')
  const clone = await stack.release(release.uid).clone({ name: 'Copy', description: '' })
  alive(t, clone, { name: 'Copy' })
  const list = await stack
    .release()
    .query({ include_count: true, include_items_count: true, limit: 1 })
    .find()
  t.assert.deepEqual([list.count, list.items.length, list.items[0]!.items_count], [2, 1, 0])
  t.assert.deepEqual(await stack.release().query().count(), { releases: 2 })
  t.assert.equal((await stack.release(release.uid).delete()).notice, 'Release deleted successfully.')

  const token = await stack.managementToken().create({
    token: {
      name: 'M',
      description: '',
      scope: [
        { module: 'release', acl: { read: true, write: true } },
        { module: 'branch', branches: ['main'] },
      ],
    },
  })
  alive(t, token, { name: 'M' })
  const byToken = sdkOf(house.url).stack({ api_key, management_token: token.token })
  t.assert.equal((await byToken.release().query().find()).items[0]!.name, 'Copy')
})

test('a refusal arrives as the error that the SDK makes of it', async (t: TestContext) => {
  const { stack } = await openStack(t)
  await t.assert.rejects(stack.release('blt0000000000000000').fetch(), (error: Instance) => {
    t.assert.deepEqual([error.status, error.errorCode], [404, 141])
    t.assert.deepEqual(error.errors, { uid: ['is not valid.'] })
    t.assert.match(error.errorMessage, /Release does not exist/)
    return true
  })
})
