import { test, type TestContext } from 'node:test'
import type { MadeToken, OpenedSession, Session, User } from '#api/identity.ts'
import { createClient } from '#client/client.ts'
import type { ProblemError } from '#client/problem-error.ts'
import { openHouse } from '../open-house.ts'

const api = '/headgate/v1'

test('one signs in by password, by Basic and by token', async (t: TestContext) => {
  const { ask, credentials } = await openHouse(t)
  const { email, password } = credentials
  const opened = await ask(`${api}/session`, { json: { email, password }, headers: { authorization: '' } })
  t.assert.equal(opened.status, 201)
  const { token, user } = (await opened.json()) as OpenedSession
  t.assert.equal(user.email, email)
  const asWhom = async (authorization: string) =>
    ((await (await ask(`${api}/session`, { headers: { authorization } })).json()) as Session).name
  const basic = (name: string, word: string) => `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`
  t.assert.equal(await asWhom(`Bearer ${token}`), email)
  t.assert.equal(await asWhom(basic(email, password)), email)
  t.assert.equal(await asWhom(basic('anybody', credentials.token)), `first token (${email})`)

  const wrong = await ask(`${api}/session`, { json: { email, password: 'wrong' } })
  t.assert.deepEqual([wrong.status, wrong.headers.get('www-authenticate')], [401, 'Bearer'])
  t.assert.equal(
    (await ask(`${api}/session`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })).status,
    204,
  )
  t.assert.equal((await ask(`${api}/session`, { headers: { authorization: `Bearer ${token}` } })).status, 401)
  let last = wrong
  for (let n = 0; n < 10; n += 1) last = await ask(`${api}/session`, { json: { email, password: 'wrong' } })
  t.assert.equal(last.status, 429)
  t.assert.ok(Number(last.headers.get('retry-after')) > 0)
})

test('users and tokens are made, narrowed and taken away', async (t: TestContext) => {
  const { ask, client, url } = await openHouse(t)
  await client.createProject({ key: 'site', kind: 'content' })
  await client.createEnvironment('site', { name: 'production' })
  const grants = [{ project: 'site', role: 'releaser' }]
  const made = await ask(`${api}/users`, {
    json: { email: 'ada@example.com', password: 'correct horse', grants },
  })
  const ada = (await made.json()) as User
  t.assert.deepEqual([made.status, ada.grants.length, 'password' in ada], [201, 1, false])
  t.assert.equal((await ask(`${api}/users`, { json: { email: 'ADA@example.com' } })).status, 409)
  const patched = await ask(`${api}/users/${ada.id}`, {
    method: 'PATCH',
    json: { name: 'Ada', grants: [{ project: null, role: 'viewer' }] },
  })
  t.assert.deepEqual(((await patched.json()) as User).grants, [{ project_id: null, role: 'viewer' }])

  const token = {
    name: 'reader',
    project: 'site',
    environments: ['production'],
    scopes: ['live.read', 'project.read'],
  }
  const answer = await ask(`${api}/tokens`, { json: token })
  const { secret, token: view } = (await answer.json()) as MadeToken
  t.assert.deepEqual([answer.status, view.scopes, view.environment_ids?.length], [201, token.scopes, 1])
  const reader = createClient({ url, token: secret })
  await reader.listLive('site', 'production')
  const forbidden = (error: ProblemError) => error.problem.code === 'forbidden'
  await t.assert.rejects(reader.createRelease('site', { name: 'x' }), forbidden)
  await t.assert.rejects(reader.listEvents(), forbidden)
  t.assert.equal((await ask(`${api}/tokens?project=site`)).status, 200)
  t.assert.ok(!(await (await ask(`${api}/tokens?project=site`)).text()).includes(secret))
  t.assert.equal((await ask(`${api}/tokens/${view.id}`, { method: 'DELETE' })).status, 204)
  await t.assert.rejects(
    reader.listLive('site', 'production'),
    (error: ProblemError) => error.problem.status === 401,
  )
})
