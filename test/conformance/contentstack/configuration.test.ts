import { test, type TestContext } from 'node:test'
import { openHouse } from '../../open-house.ts'
import { raw } from './open-stack.ts'

const file = `
users:
  - { email: ada@example.com, name: Ada, role: admin, password: a-long-password }
tokens:
  - { name: ci, user: ada@example.com, secret: ci-token-0123456789, scopes: ['*'] }
projects:
  - key: website
    kind: content
    content:
      api_key: blt0123456789abcdef
      master_locale: en-us
      locales: [{ code: fr-fr, fallback: en-us }]
      management_tokens: [{ name: ci, token: cs0123456789, scopes: ['*'] }]
      delivery_tokens: [{ name: site, token: cs4567890123, environments: [production] }]
    environments: [{ name: staging }, { name: production, parent: staging }]
`

test('a stack that headgate.yaml declares is there for clients that know its key and tokens', async (t: TestContext) => {
  const house = await openHouse(t)
  const apply = (yaml: string) => house.client.applyConfiguration({ yaml, name: 'headgate.yaml' })
  t.assert.ok((await apply(file)).changes.includes('+ api_key blt0123456789abcdef (website)'))
  const key = { api_key: 'blt0123456789abcdef' }
  const manage = raw(house.url, { ...key, authorization: 'cs0123456789' })

  const { stack } = (await manage('GET', '/stacks')).body
  t.assert.deepEqual([stack.api_key, stack.name, stack.master_locale], [key.api_key, 'website', 'en-us'])
  const codes = (await manage('GET', '/locales')).body.locales.map(({ code }: { code: string }) => code)
  t.assert.deepEqual(codes, ['en-us', 'fr-fr'])
  const names = (await manage('GET', '/environments')).body.environments.map(
    ({ name }: { name: string }) => name,
  )
  t.assert.deepEqual(names.toSorted(), ['production', 'staging'])
  t.assert.equal((await manage('POST', '/releases', { release: { name: 'R' } })).status, 201)
  const token = raw(house.url, { ...key, authtoken: 'ci-token-0123456789' })
  t.assert.equal((await token('GET', '/releases')).body.releases.length, 1)
  const reader = raw(house.url, { ...key, access_token: 'cs4567890123' })
  t.assert.equal((await reader('GET', '/assets?environment=production')).status, 200)
  t.assert.equal((await reader('GET', '/assets?environment=staging')).status, 422)

  const again = await apply(file)
  t.assert.deepEqual(again.changes, [], 'applied again it changes nothing')
  const changed = await apply(file.replace('cs4567890123', 'cs9999999999'))
  t.assert.deepEqual(changed.changes.length, 1)
  t.assert.match(changed.changes[0]!, /^~ delivery token site/)
  t.assert.equal((await reader('GET', '/assets?environment=production')).status, 401)
  await t.assert.rejects(apply(file.replace('blt0123456789abcdef', 'bltffffffffffffffff')), /api_key/)
  await t.assert.rejects(apply(file.replace('environments: [production]', 'environments: [moon]')), /moon/)
})
