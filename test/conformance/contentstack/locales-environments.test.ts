import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'
import type { Instance } from './sdk.ts'

test('languages and environments as the vendor’s client handles them', async (t: TestContext) => {
  const { stack, ask, deliver } = await openStack(t)

  await t.test('a language is added, renamed, led elsewhere and taken out', async () => {
    const german: Instance = await stack.locale().create({ locale: { code: 'de-de', name: 'Deutsch' } })
    t.assert.deepEqual([german.code, german.name, german.fallback_locale], ['de-de', 'Deutsch', 'en-us'])
    const swiss = await stack.locale().create({ locale: { code: 'de-ch', fallback_locale: 'de-de' } })
    t.assert.match(swiss.name, /German/)
    const fetched = await stack.locale('de-ch').fetch()
    fetched.fallback_locale = 'fr-fr'
    fetched.name = 'Schweiz'
    const updated = await fetched.update()
    t.assert.deepEqual([updated.name, updated.fallback_locale, updated.uid], ['Schweiz', 'fr-fr', swiss.uid])
    t.assert.equal(
      (await ask('PUT', '/locales/fr-fr', { locale: { fallback_locale: 'de-ch' } })).status,
      422,
      'a circle',
    )
    const codes = async (query: object) =>
      (await stack.locale().query(query).find()).items.map(({ code }) => code)
    t.assert.deepEqual(await codes({ query: { code: 'de-de' } }), ['de-de'])
    t.assert.deepEqual(await codes({ query: { fallback_locale: { $in: ['fr-fr', 'x'] } } }), ['de-ch'])
    t.assert.deepEqual(await codes({ desc: 'code', limit: 2 }), ['fr-fr', 'en-us'])
    const page = await stack.locale().query({ include_count: true, skip: 3, limit: 5 }).find()
    t.assert.deepEqual([page.items.length, page.count], [1, 4])
    t.assert.deepEqual(await stack.locale().query().count(), { locales: 4 })
    t.assert.equal((await german.delete()).notice, 'Language removed successfully.')
  })

  await t.test('a language that something hangs on stays', async () => {
    const refused = async (code: string, status = 422, error_code = 141) => {
      const { status: was, body } = await ask('DELETE', `/locales/${code}`)
      t.assert.deepEqual([was, body.error_code], [status, error_code], JSON.stringify(body))
    }
    await refused('fr-fr') // de-ch falls back to it
    await ask('DELETE', '/locales/de-ch')
    await ask('POST', '/content_types/page/entries?locale=fr-fr', { entry: { title: 'Bonjour' } })
    await refused('fr-fr')
    await refused('en-us', 422, 248)
    await refused('xx-xx')
  })

  await t.test('what is no language is refused with 248, at its field', async () => {
    const wrong: [unknown, string][] = [
      [{}, 'locale'],
      [{ locale: {} }, 'code'],
      [{ locale: { code: '' } }, 'code'],
      [{ locale: { code: 5 } }, 'code'],
      [{ locale: { code: 'EN US' } }, 'code'],
      [{ locale: { code: 'x'.repeat(33) } }, 'code'],
      [{ locale: { code: 'fr-fr' } }, 'code'],
      [{ locale: { code: 'it-it', fallback_locale: 'xx-xx' } }, 'fallback_locale'],
      [{ locale: { code: 'it-it', fallback_locale: 'it-it' } }, 'fallback_locale'],
      [{ locale: { code: 'it-it', name: '' } }, 'name'],
    ]
    for (const [sent, field] of wrong) {
      const { status, body } = await ask('POST', '/locales', sent)
      t.assert.deepEqual(
        [status, body.error_code, Object.keys(body.errors)],
        [422, 248, [field]],
        JSON.stringify(sent),
      )
    }
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { locale: { name: 'x' } }],
      ['DELETE', undefined],
    ] as const)
      t.assert.equal((await ask(method, '/locales/xx-xx', body)).status, 422)
    t.assert.equal((await ask('PUT', '/locales/en-us', { locale: { fallback_locale: 'fr-fr' } })).status, 422)
    for (const query of ['query=%7B%22ACL%22%3A%22x%22%7D', 'asc=ACL', 'query=x', 'limit=-1'])
      t.assert.equal((await ask('GET', `/locales?${query}`)).status, 422, query)
  })

  await t.test('an environment has a name, an address for each language, and can be put back', async () => {
    const urls = [
      { locale: 'en-us', url: 'https://qa.example.com/' },
      { locale: 'fr-fr', url: 'https://qa.example.com/fr' },
    ]
    const qa: Instance = await stack
      .environment()
      .create({ environment: { name: 'qa', urls, servers: [{ name: 'default' }], deploy_content: false } })
    t.assert.deepEqual([qa.urls, qa.servers, qa.deploy_content], [urls, [{ name: 'default' }], false])
    qa.name = 'quality'
    qa.urls = urls.slice(0, 1)
    const updated = await qa.update()
    t.assert.deepEqual([updated.name, updated.urls, updated.uid], ['quality', urls.slice(0, 1), qa.uid])
    t.assert.equal((await stack.environment('quality').fetch()).uid, qa.uid)
    t.assert.equal((await stack.environment(qa.uid).fetch()).name, 'quality')
    t.assert.equal((await ask('GET', '/environments/qa')).status, 422)
    const names = async (query: object) =>
      (await stack.environment().query(query).find()).items.map(({ name }) => name)
    t.assert.deepEqual(await names({ query: { name: 'quality' } }), ['quality'])
    t.assert.deepEqual(await names({ asc: 'name', limit: 2, skip: 1 }), ['quality', 'staging'])
    t.assert.deepEqual(await stack.environment().query().count(), { environments: 3 })
    t.assert.equal((await stack.environment('quality').delete()).notice, 'Environment deleted successfully.')
  })

  await t.test('what is no environment is refused, at its field', async () => {
    const wrong: [unknown, string][] = [
      [{}, 'environment'],
      [{ environment: {} }, 'name'],
      [{ environment: { name: '' } }, 'name'],
      [{ environment: { name: 7 } }, 'name'],
      [{ environment: { name: 'x'.repeat(256) } }, 'name'],
      [{ environment: { name: 'production' } }, 'name'],
      [{ environment: { name: 'n', urls: 'x' } }, 'urls'],
      [{ environment: { name: 'n', urls: [1] } }, 'urls.0'],
      [{ environment: { name: 'n', urls: [{ locale: 'xx-xx', url: '/' }] } }, 'urls.0.locale'],
      [{ environment: { name: 'n', urls: [{ locale: 'en-us', url: 7 }] } }, 'urls.0.url'],
      [{ environment: { name: 'n', servers: ['x'] } }, 'servers.0'],
      [{ environment: { name: 'n', deploy_content: 'yes' } }, 'deploy_content'],
    ]
    for (const [sent, field] of wrong) {
      const { status, body } = await ask('POST', '/environments', sent)
      t.assert.deepEqual(
        [status, body.error_code, Object.keys(body.errors)],
        [422, 141, [field]],
        JSON.stringify(sent),
      )
    }
    const taken = await ask('PUT', '/environments/staging', { environment: { name: 'production' } })
    t.assert.deepEqual([taken.status, taken.body.errors], [422, { name: ['is not unique.'] }])
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { environment: { name: 'x' } }],
      ['DELETE', undefined],
    ] as const) {
      const { status, body: said } = await ask(method, '/environments/moon', body)
      t.assert.deepEqual(
        [status, said.error_code, said.errors],
        [422, 141, { environment: ['is not valid.'] }],
      )
    }
  })

  await t.test('an environment is renamed while it is live, and goes with what is live in it', async () => {
    const { uid } = (await ask('POST', '/content_types/page/entries', { entry: { title: 'Live' } })).body
      .entry
    const path = `/content_types/page/entries/${uid}`
    await ask('POST', `${path}/publish`, {
      entry: { environments: ['staging', 'production'], locales: ['en-us'] },
    })
    await eventually(async () => t.assert.equal((await deliver('staging', path)).status, 200))
    await eventually(async () => t.assert.equal((await deliver('production', path)).status, 200))
    t.assert.equal(
      (await ask('PUT', '/environments/staging', { environment: { name: 'stage' } })).status,
      200,
    )
    t.assert.equal((await deliver('production', path)).status, 200)
    const details = (await ask('GET', `${path}?include_publish_details=true`)).body.entry.publish_details
    t.assert.equal(details.length, 2)
    t.assert.equal((await ask('DELETE', '/environments/stage')).status, 200)
    const left = (await ask('GET', `${path}?include_publish_details=true`)).body.entry.publish_details
    t.assert.equal(left.length, 1)
    t.assert.equal((await deliver('production', path)).status, 200)
    const publish = await ask('POST', `${path}/publish`, {
      entry: { environments: ['stage'], locales: ['en-us'] },
    })
    t.assert.deepEqual([publish.status, Object.keys(publish.body.errors)], [422, ['environments']])
    const variants = await ask('POST', `${path}/publish`, {
      entry: { environments: ['production'], locales: ['en-us'], variants: [{ uid: 'v', version: 1 }] },
    })
    t.assert.deepEqual([variants.status, Object.keys(variants.body.errors)], [422, ['variants']])
  })
})
