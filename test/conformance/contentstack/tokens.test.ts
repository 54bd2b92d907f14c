import { test, type TestContext } from 'node:test'
import { openStack } from './open-stack.ts'

const main = { module: 'branch', branches: ['main'], acl: { read: true } }
const reads = [{ module: 'release', acl: { read: true } }, main]
const writes = [
  { module: 'release', acl: { read: true, write: true } },
  { module: 'environment', acl: { read: true, write: true } },
  main,
]

test('a management token does what its scope says, on its own stack', async (t: TestContext) => {
  const { ask, authtoken } = await openStack(t)
  const make = async (name: string, scope: object, more: object = {}) =>
    (await ask('POST', '/stacks/management_tokens', { token: { name, scope, ...more } })).body.token
  const writer = await make('Writer', writes, { expires_on: '2099-01-01' })
  const reader = await make('Reader', reads)
  t.assert.match(writer.token, /^cs[0-9a-f]{32,34}$/)
  t.assert.deepEqual([writer.expires_on, writer.scope], ['2099-01-01T00:00:00.000Z', writes])

  const as = (token: string) => ({ authtoken: '', authorization: token })
  const release = { release: { name: 'By token' } }
  const made = await ask('POST', '/releases', release, as(writer.token))
  t.assert.equal(made.status, 201)
  const { user } = (await ask('GET', '/user')).body
  t.assert.equal(made.body.release.created_by, user.uid, 'the author is its maker')
  t.assert.equal((await ask('GET', '/releases', undefined, as(reader.token))).body.releases.length, 1)
  const refused = await ask('POST', '/releases', release, as(reader.token))
  t.assert.deepEqual([refused.status, refused.body.error_code], [403, 316])
  t.assert.equal(
    (await ask('POST', '/environments', { environment: { name: 'qa' } }, as(writer.token))).status,
    201,
  )

  for (const path of ['/stacks/management_tokens', '/stacks/delivery_tokens'])
    t.assert.equal(
      (await ask('POST', path, { token: { name: 'x', scope: reads } }, as(writer.token))).status,
      403,
      path,
    )
  t.assert.equal((await ask('DELETE', '/stacks', undefined, as(writer.token))).status, 403)
  t.assert.equal((await ask('GET', '/user', undefined, as(writer.token))).status, 401)

  const other = await ask('POST', '/stacks', { stack: { name: 'Other' } }, { api_key: '' })
  const elsewhere = await ask('GET', '/releases', undefined, {
    ...as(writer.token),
    api_key: other.body.stack.api_key,
  })
  t.assert.deepEqual([elsewhere.status, elsewhere.body.errors], [401, { authorization: ['is not valid.'] }])
  t.assert.equal(
    (await ask('GET', '/releases', undefined, { authtoken: '', authorization: `Bearer ${authtoken}` }))
      .status,
    200,
  )

  const list = await ask('GET', '/stacks/management_tokens?include_count=true')
  t.assert.equal(list.body.count, 2)
  t.assert.ok(
    list.body.tokens.every((token: object) => !('token' in token)),
    'a secret is told once',
  )
  t.assert.equal((await ask('GET', `/stacks/management_tokens/${writer.uid}`)).body.token.name, 'Writer')
  t.assert.equal((await ask('GET', `/stacks/delivery_tokens/${writer.uid}`)).status, 422, 'of the other sort')
  const narrowed = { token: { ...writer, name: 'Was a writer', scope: reads } }
  const changed = await ask('PUT', `/stacks/management_tokens/${writer.uid}`, narrowed)
  t.assert.deepEqual([changed.body.token.name, changed.body.token.scope], ['Was a writer', reads])
  t.assert.equal((await ask('POST', '/releases', release, as(writer.token))).status, 403)
  const gone = await ask('DELETE', `/stacks/management_tokens/${writer.uid}`)
  t.assert.deepEqual([gone.status, gone.body.notice], [200, 'Management Token deleted successfully.'])
  t.assert.equal((await ask('GET', '/releases', undefined, as(writer.token))).status, 401)
})

test('a token that cannot be is refused', async (t: TestContext) => {
  const { ask } = await openStack(t)
  const make = async (path: string, token: object) => {
    const { status, body } = await ask('POST', path, { token })
    return [status, body.error_code, Object.keys(body.errors ?? {})]
  }
  const management = '/stacks/management_tokens'
  t.assert.deepEqual(await make(management, { scope: reads }), [422, 141, ['name']])
  t.assert.deepEqual(await make(management, { name: 'x' }), [422, 141, ['scope']])
  t.assert.deepEqual(await make(management, { name: 'x', scope: 'all' }), [422, 141, ['scope']])
  t.assert.deepEqual(await make(management, { name: 'x', scope: reads, expires_on: 'never' }), [
    422,
    141,
    ['expires_on'],
  ])
  const nowhere = [{ module: 'environment', environments: ['moon'] }, main]
  t.assert.deepEqual(await make('/stacks/delivery_tokens', { name: 'x', scope: nowhere }), [
    422,
    141,
    ['environments'],
  ])
  t.assert.deepEqual(await make('/stacks/delivery_tokens', { name: 'x', scope: reads }), [
    422,
    141,
    ['environments'],
  ])
})

test('signing out ends the session', async (t: TestContext) => {
  const { sdk, ask } = await openStack(t)
  t.assert.equal((await ask('GET', '/user')).status, 200)
  t.assert.equal((await sdk.logout()).notice, "You've logged out successfully.")
  t.assert.equal((await ask('GET', '/user')).status, 401)
})
