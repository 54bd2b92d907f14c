import { test, type TestContext } from 'node:test'
import { openStack } from './open-stack.ts'

test('a stack is made, told of, changed and deleted', async (t: TestContext) => {
  const { ask } = await openStack(t)
  const outside = { api_key: '' }
  const made = await ask('POST', '/stacks', { stack: { name: 'Shop', master_locale: 'fr-fr' } }, outside)
  t.assert.deepEqual([made.status, made.body.notice], [201, 'Stack created successfully.'])
  const { api_key } = made.body.stack
  t.assert.match(api_key, /^blt[0-9a-f]{16}$/)
  const there = { api_key }
  t.assert.equal((await ask('GET', '/stacks', undefined, there)).body.stack.master_locale, 'fr-fr')
  const people = (await ask('GET', '/stacks?include_collaborators=true', undefined, there)).body.stack
    .collaborators
  t.assert.deepEqual(
    people.map(({ roles }: { roles: { name: string }[] }) => roles[0]?.name),
    ['Admin'],
  )
  const changed = await ask('PUT', '/stacks', { stack: { name: 'Store', description: 'new' } }, there)
  t.assert.deepEqual([changed.body.stack.name, changed.body.stack.description], ['Store', 'new'])
  const settings = { stack_settings: { stack_variables: { enforce_unique_urls: true } } }
  await ask('POST', '/stacks/settings', settings, there)
  const { stack_settings } = (await ask('GET', '/stacks/settings', undefined, there)).body
  t.assert.deepEqual(stack_settings, { ...settings.stack_settings, discrete_variables: {} })

  await ask('POST', '/environments', { environment: { name: 'production' } }, there)
  t.assert.equal(
    (await ask('DELETE', '/stacks', undefined, there)).body.notice,
    'Stack deleted successfully!',
  )
  for (const path of ['/stacks', '/releases', '/environments'])
    t.assert.equal((await ask('GET', path, undefined, there)).status, 412, path)
})

test('what makes no stack is refused', async (t: TestContext) => {
  const { ask } = await openStack(t)
  const make = async (stack: unknown) => {
    const { status, body } = await ask('POST', '/stacks', { stack }, { api_key: '' })
    return [status, body.error_code, Object.keys(body.errors)]
  }
  t.assert.deepEqual(await make({}), [422, 141, ['name']])
  t.assert.deepEqual(await make({ name: 'x', master_locale: 'Not a locale' }), [422, 141, ['master_locale']])
  t.assert.deepEqual(await make(undefined), [422, 141, ['stack']])
})

test('more than 500 items do not fit a release', async (t: TestContext) => {
  const { ask } = await openStack(t)
  const locales = ['en-us', 'fr-fr', 'de-de', 'es-es', 'it-it', 'nl-nl', 'da-dk', 'sv-se', 'fi-fi', 'pl-pl']
  for (const code of locales.slice(2)) await ask('POST', '/locales', { locale: { code } })
  const release = (await ask('POST', '/releases', { release: { name: 'R' } })).body.release.uid
  const items: object[] = []
  for (let n = 0; n < 51; n += 1) {
    const { entry } = (await ask('POST', '/content_types/page/entries', { entry: { title: `Entry ${n}` } }))
      .body
    items.push(...locales.map((locale) => ({ uid: entry.uid, locale, content_type_uid: 'page' })))
  }
  const add = (some: object[]) =>
    ask('POST', `/releases/${release}/items`, { items: some }, { release_version: '2.0' })
  for (let n = 0; n < 500; n += 100) t.assert.equal((await add(items.slice(n, n + 100))).status, 201)
  const { status, body } = await add(items.slice(500))
  t.assert.deepEqual([status, body.error_code, body.errors], [422, 141, { items: ['must be 500 at most.'] }])
  t.assert.equal((await ask('GET', `/releases/${release}/items?include_count=true`)).body.count, 500)
})
