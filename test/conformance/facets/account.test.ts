import { test, type TestContext } from 'node:test'
import type { CurrentUser, UserAccessToken } from '#surfaces/facets/wire/account.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const users = '/cc-ui/v1/users'

test('who asks is told who they are, and anybody whether the house is up', async (t: TestContext) => {
  const desk = shared()
  t.assert.deepEqual((await desk.call('GET', '/public/v1/health', { as: null })).body, { status: 'UP' })
  t.assert.equal((await desk.errorOf('GET', `${users}/current-user`, { as: null })).status, 401)
  for (const path of [`${users}/current-user`, '/api/me']) {
    const { body } = await desk.call<CurrentUser>('GET', path)
    t.assert.deepEqual(
      [body.userName, body.email, body.name, body.roles, body.enabled],
      ['releaser@example.com', 'releaser@example.com', 'The releaser', ['DEVELOPER'], true],
    )
  }
})

test('a token is told once, is one’s own, and opens nothing when it is gone', async (t: TestContext) => {
  const desk = shared()
  const json = { name: 'ci', description: 'for the pipeline' }
  const make = (as: 'admin' | 'releaser', body: object = json) =>
    desk.call<UserAccessToken>('POST', `${users}/createAccessToken`, { as, json: body })
  t.assert.equal((await make('releaser')).status, 403)
  t.assert.equal((await make('admin', {})).status, 400)
  const { status, body: made } = await make('admin')
  t.assert.equal(status, 200)
  t.assert.ok(made.token!.length >= 20)
  const authorization = `Basic ${btoa(`admin@example.com:${made.token}`)}`
  const me = () => fetch(`${desk.house.url}/api/me`, { headers: { authorization } })
  t.assert.equal((await me()).status, 200)
  const { body: listed } = await desk.call<UserAccessToken[]>('GET', `${users}/tokens`, { as: 'admin' })
  t.assert.deepEqual(
    listed.map(({ name, userName, token }) => [name, userName, token]),
    [
      ['admin', 'admin@example.com', undefined],
      ['ci', 'admin@example.com', undefined],
    ],
  )
  const one = `${users}/tokens/${made.tokenId}`
  t.assert.ok((await desk.errorOf('DELETE', one)).status >= 403)
  t.assert.equal((await desk.call('DELETE', one, { as: 'admin' })).status, 200)
  t.assert.equal((await me()).status, 401)
  t.assert.equal((await desk.errorOf('DELETE', one, { as: 'admin' })).status, 404)
  t.assert.equal((await desk.errorOf('DELETE', `${users}/tokens/nonsense`, { as: 'admin' })).status, 404)
})
