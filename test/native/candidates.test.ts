import { test, type TestContext } from 'node:test'
import { createClient, type Client } from '#client/client.ts'
import { ProblemError } from '#client/problem-error.ts'
import { sharedCodeHouse, type CodeHouse } from '../code-house.ts'

const open = sharedCodeHouse()
const sh = (script: string) => ({ executor: 'command', command: ['sh', '-c', script] })

const as = ({ url, tokens }: CodeHouse, role: keyof CodeHouse['tokens']): Client =>
  createClient({ url, token: tokens[role] })

/** Status and problem with which a call is refused. */
async function refused(call: Promise<unknown>): Promise<[status: number, code: string, detail: string]> {
  const error: unknown = await call.then(
    () => new Error('not refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProblemError)) throw error
  const { status, code, detail = '' } = error.problem
  return [status, code, detail]
}

test('a candidate is cut, listed, read and built by our own API', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: sh('true') })
  const client = as(house, 'releaser')
  const { key } = shop.project
  const answer = await house.ask(`/headgate/v1/projects/${key}/cut`, { json: { version: '1.2.0-rc1' } })
  const cut = (await answer.json()) as Awaited<ReturnType<Client['cut']>>
  t.assert.deepEqual(
    [answer.status, answer.headers.get('location')],
    [201, `/headgate/v1/candidates/${cut.id}`],
  )
  const { project, release, number, version, state, commit, cause } = cut
  t.assert.deepEqual(
    { project, release, number, version, state, commit, cause },
    {
      ...{ project: key, release: '1.2.0', number: 1, version: '1.2.0-rc1', state: 'building' },
      ...{ commit: shop.repository.head(), cause: 'person' },
    },
  )
  const again = await house.ask(`/headgate/v1/projects/${key}/cut`, { json: { version: '1.2.0-rc1' } })
  t.assert.equal(again.status, 200)
  await house.settled((await shop.cut({ version: '1.2.0-rc1' })).id)
  const read = await client.getCandidate(cut.id)
  t.assert.deepEqual(
    [read.state, read.build_state, read.allowed_actions],
    ['ready', 'succeeded', ['deploy', 'build']],
  )
  t.assert.equal((await client.buildCandidate(cut.id, { reason: 'once more' })).state, 'building')

  for (const n of [2, 3]) await client.cut(key, { version: `1.2.0-rc${n}`, build: false })
  const first = await client.listCandidates(key, { limit: 2 })
  const rest = await client.listCandidates(key, { limit: 2, after: first.next! })
  t.assert.deepEqual(
    [...first.items, ...rest.items].map((one) => one.version),
    ['1.2.0-rc3', '1.2.0-rc2', '1.2.0-rc1'],
  )
  t.assert.equal(rest.next, null)
  const ready = await client.listCandidates(key, { state: 'ready', release: cut.release_id })
  t.assert.ok(ready.items.every((one) => one.state === 'ready'))
})

test('the newest candidate that is ready is deployed, or the one that is named, and no other', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: sh('exit 1') })
  const client = as(house, 'releaser')
  const { key } = shop.project
  const made = await client.cut(key, { version: '1.0.0-rc1', build: false })
  await client.cut(key, { version: '1.0.0-rc2', build: false })
  const third = await shop.cut({ version: '1.0.0-rc3' })
  await house.settled(third.id)
  const { release_id: release } = made
  const newest = await client.deploy(key, 'staging', { release })
  t.assert.deepEqual([newest.revision_number, newest.forced], [2, true])
  t.assert.equal((await client.deploy(key, 'staging', { release, revision: 1 })).revision_number, 1)
  const [status, code, detail] = await refused(client.deploy(key, 'staging', { release, revision: 3 }))
  t.assert.deepEqual([status, code], [409, 'not_possible_now'])
  t.assert.match(detail, /1\.0\.0-rc3/)
  t.assert.equal((await refused(client.deploy(key, 'staging', { release, revision: 9 })))[0], 404)
  const unready = await client.cut(key, { version: '9.0.0-rc1' })
  const only = client.deploy(key, 'staging', { release: unready.release_id })
  t.assert.deepEqual((await refused(only)).slice(0, 2), [409, 'not_possible_now'])
})

test('releases and revisions of code are read like any, and put together by nobody', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const client = as(house, 'admin')
  const { key } = shop.project
  const { release_id: id, commit } = await client.cut(key, { version: '1.0.0-rc4' })
  const { items } = await client.listReleases(key)
  t.assert.deepEqual(
    items.map(({ name }) => name),
    ['1.0.0'],
  )
  const ask = (path: string, method = 'GET', json?: object) =>
    house.ask(`/headgate/v1/${path}`, { method, ...(json && { json }) })
  const revision = (await (await ask(`releases/${id}/revisions/4`)).json()) as {
    items: object[]
    scope: string
  }
  t.assert.deepEqual(
    [revision.scope, revision.items],
    [
      'whole_state',
      [{ key: `acme/${key}`, kind: 'repository', action: 'set', version: commit, title: '1.0.0-rc4' }],
    ],
  )
  const statuses = async (...asked: [string, string, object?][]) =>
    Promise.all(asked.map(async ([method, path, json]) => (await ask(path, method, json)).status))
  t.assert.deepEqual(
    await statuses(
      ['POST', `projects/${key}/releases`, { name: '2.0.0' }],
      ['POST', `projects/${key}/releases`, { name: '2.0.0', branch: 'main' }],
      ['POST', `releases/${id}/items`, { items: [{ key: 'main/a/en-us' }] }],
      ['DELETE', `releases/${id}/items`, { keys: 'all' }],
      ['POST', `releases/${id}/items/refresh`],
      ['POST', `releases/${id}/clone`, { name: 'Copy' }],
      ['PATCH', `releases/${id}`, { name: 'Other' }],
    ),
    [422, 422, 422, 422, 422, 422, 422],
  )
  t.assert.equal((await ask(`releases/${id}`, 'DELETE')).status, 409)
  t.assert.equal((await ask(`releases/${id}`, 'PATCH', { description: 'ours' })).status, 200)
})

test('what cannot be cut is told field by field', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const client = as(house, 'releaser')
  const { key } = shop.project
  const cut = (body: object) => refused(client.cut(key, body))
  /** The field comes first in what is said of it. */
  const fieldOf = async (body: object) => {
    const [status, code, detail] = await cut(body)
    t.assert.deepEqual([status, code], [422, 'invalid'])
    return detail.split(' ')[0]
  }
  t.assert.equal(await fieldOf({ version: '1.2.0-rc01' }), 'version')
  t.assert.equal(await fieldOf({ commit: '--upload-pack=touch /tmp/x' }), 'commit')
  t.assert.equal(await fieldOf({ commit: 'f'.repeat(40) }), 'commit')
  t.assert.equal(await fieldOf({ branch: 'nowhere' }), 'branch')
  t.assert.deepEqual((await cut({ deploy_to: 'nowhere' })).slice(0, 2), [404, 'not_found'])
  t.assert.equal((await cut({ nonsense: 1 }))[0], 422)
  await client.cut(key, { version: '1.2.0-rc1' })
  shop.repository.commit('more')
  t.assert.deepEqual((await cut({ version: '1.2.0-rc1' })).slice(0, 2), [409, 'already_exists'])
  t.assert.equal((await refused(as(house, 'viewer').cut(key)))[0], 403)
})
