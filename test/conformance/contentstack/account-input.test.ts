import { test, type TestContext } from 'node:test'
import { openStack, raw, type TestStack } from './open-stack.ts'

const main = { module: 'branch', branches: ['main'], acl: { read: true } }
const reads = { module: 'release', acl: { read: true } }
const noBody = undefined

test('wrong bodies about accounts, stacks and tokens are refused with the vendor’s numbers', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const says = async (method: string, path: string, body?: unknown, headers = {}) => {
    const { status, body: said } = await ask(method, path, body, headers)
    t.assert.equal(typeof said.error_message, 'string', path)
    return [status, said.error_code, ...Object.keys(said.errors ?? {})]
  }
  const outside = { api_key: '', authtoken: '' }
  const login = (body: unknown) => says('POST', '/user-session', body, outside)
  const { email } = house.credentials
  t.assert.deepEqual(await login({}), [422, 141, 'user'])
  t.assert.deepEqual(await login({ user: 'me' }), [422, 141, 'user'])
  t.assert.deepEqual(await login({ user: { email } }), [422, 141, 'password'])
  t.assert.deepEqual(await login({ user: { email: 7, password: 'x' } }), [422, 141, 'email'])
  t.assert.deepEqual(await login({ user: { email, password: 'wrong' } }), [422, 104, 'auth'])
  t.assert.deepEqual(await login({ user: { email: 'no@example.com', password: 'wrong' } }), [
    422,
    104,
    'auth',
  ])
  t.assert.deepEqual(await login('{"user":'), [400, 141])
  t.assert.deepEqual(await login(''), [400, 141])

  const alone = { api_key: '' }
  t.assert.deepEqual(await says('GET', '/user', noBody, outside), [401, 105, 'authtoken'])
  t.assert.deepEqual(await says('GET', '/organizations/nonexistent', noBody, alone), [422, 141, 'uid'])
  t.assert.deepEqual(await says('GET', '/organizations/moon/stacks', noBody, alone), [422, 141, 'uid'])
  t.assert.deepEqual(await says('GET', '/organizations?limit=x', noBody, alone), [422, 141, 'limit'])
  t.assert.deepEqual(await says('GET', '/stacks', noBody, outside), [401, 105, 'authtoken'])
  t.assert.deepEqual(await says('GET', '/stacks', noBody, { api_key: 'bltnothing' }), [412, 109, 'api_key'])
  t.assert.deepEqual(await says('GET', '/stacks?skip=-1', noBody, alone), [422, 141, 'skip'])
  t.assert.deepEqual(await says('POST', '/stacks', { stack: { name: '' } }, alone), [422, 141, 'name'])
  t.assert.deepEqual(await says('POST', '/stacks', { stack: { name: 7 } }, alone), [422, 141, 'name'])
  t.assert.deepEqual(await says('PUT', '/stacks', {}), [422, 141, 'stack'])
  t.assert.deepEqual(await says('PUT', '/stacks', { stack: { name: [] } }), [422, 141, 'name'])
  t.assert.deepEqual(await says('POST', '/stacks/settings', { stack_settings: 7 }), [
    422,
    141,
    'stack_settings',
  ])
  t.assert.deepEqual(await says('GET', '/roles/blt0000000000000000'), [422, 141, 'uid'])
  t.assert.deepEqual(await says('GET', '/roles?limit=no'), [422, 141, 'limit'])
  t.assert.deepEqual(await says('POST', '/roles', { role: { name: 'R' } }), [404, 141], 'roles are fixed')

  for (const sort of ['management_tokens', 'delivery_tokens']) {
    const path = `/stacks/${sort}`
    const make = (token: unknown) => says('POST', path, { token })
    t.assert.deepEqual(await says('POST', path, {}), [422, 141, 'token'])
    t.assert.deepEqual(await make({ scope: [main] }), [422, 141, 'name'])
    t.assert.deepEqual(await make({ name: 'x'.repeat(300), scope: [main] }), [422, 141, 'name'])
    t.assert.deepEqual(await make({ name: 'x' }), [422, 141, 'scope'])
    t.assert.deepEqual(await make({ name: 'x', scope: [{ acl: {} }] }), [422, 141, 'scope.0.module'])
    t.assert.deepEqual(await make({ name: 'x', scope: [{ ...reads, acl: { read: 'yes' } }] }), [
      ...[422, 141, 'scope.0.acl.read'],
    ])
    const place = { module: 'environment', environments: ['production'] }
    const unbranched = [422, 141, 'scope.branch_or_alias']
    t.assert.deepEqual(await make({ name: 'x', scope: [reads, place] }), unbranched)
    t.assert.deepEqual(await make({ name: 'x', scope: [place, { ...main, branches: [] }] }), unbranched)
    const aliases = { module: 'branch_alias', branch_aliases: ['moon'] }
    t.assert.deepEqual(await make({ name: 'x', scope: [place, aliases] }), unbranched)
    t.assert.deepEqual(await make({ name: 'x', scope: [place, main], expires_on: '31/01/2030' }), [
      ...[422, 141, 'expires_on'],
    ])
    t.assert.deepEqual(await says('GET', `${path}/blt0000000000000000`), [422, 141, 'uid'])
    t.assert.deepEqual(await says('PUT', `${path}/blt0000000000000000`, { token: { name: 'x' } }), [
      422,
      141,
      'uid',
    ])
    t.assert.deepEqual(await says('DELETE', `${path}/blt0000000000000000`), [422, 141, 'uid'])
  }
  await t.test('a bearer may be declared with the vendor’s scopes', () => declareBearers(t, stack))
})

async function declareBearers(t: TestContext, { house, ask }: TestStack): Promise<void> {
  const apply = (scopes: string) => {
    const yaml = `
projects:
  - key: other
    kind: content
    content:
      api_key: blt0123456789abcdef
      management_tokens: [{ name: app, token: app-token-0123456789, scopes: ${scopes} }]
    environments: [{ name: production }]
`
    return house.client.applyConfiguration({ yaml, name: 'headgate.yaml' })
  }
  await apply("['cm.releases.management:read', 'cm.releases.management:write', 'cm.release:read']")
  const app = raw(house.url, { api_key: 'blt0123456789abcdef', authorization: 'Bearer app-token-0123456789' })
  const { body } = await app('POST', '/releases', { release: { name: 'R' } })
  const { uid } = body.release
  t.assert.equal((await app('PUT', `/releases/${uid}`, { release: { locked: true } })).status, 200)
  const missing = async (method: string, path: string, sent?: object) => {
    const answer = await app(method, path, sent)
    return [answer.status, ...(answer.body.errors?.scope ?? [])]
  }
  const deploy = { release: { environments: ['production'] } }
  await app('PUT', `/releases/${uid}`, { release: { locked: false } })
  const clone = { release: { name: 'C' } }
  t.assert.deepEqual(await missing('POST', `/releases/${uid}/clone`, clone), [403, 'cm.release:clone'])
  t.assert.deepEqual(await missing('POST', `/releases/${uid}/deploy`, deploy), [403, 'cm.release:deploy'])
  t.assert.deepEqual(await missing('POST', '/locales', { locale: { code: 'de-de' } }), [
    403,
    'cm.languages.management:write',
  ])
  await apply("['release.read']")
  const entries = '/content_types/page/entries'
  const some = [{ uid: 'x', content_type: 'page' }]
  for (const [method, path, sent, scope] of [
    ['POST', '/bulk/publish', { entries: some, ...deploy.release }, 'cm.bulk-operations:publish'],
    ['POST', '/bulk/delete', { entries: some }, 'cm.bulk-operations:delete'],
    ['POST', entries, { entry: {} }, 'cm.entries.management:write'],
    ['GET', entries, undefined, 'cm.entries.management:read'],
    ['POST', '/releases', { release: { name: 'R', items: [{ uid: 'x' }] } }, 'cm.releases.management:write'],
  ] as const)
    t.assert.deepEqual(await missing(method, path, sent), [403, scope], `${method} ${path}`)
  await apply("['cm.release:clone', 'release.edit']")
  t.assert.equal((await app('POST', `/releases/${uid}/clone`, clone)).status, 201, 'next to a right of ours')
  await t.assert.rejects(apply("['cm.release:fly']"), /cm\.release:fly/)
  t.assert.equal((await ask('GET', '/releases')).status, 200)
}
