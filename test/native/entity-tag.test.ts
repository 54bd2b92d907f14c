import { test, type TestContext } from 'node:test'
import { openHouse, type TestHouse } from '../open-house.ts'
import { shared } from '../share-house.ts'

const root = '/headgate/v1'

const opened = shared(openHouse)
let sites = 0

/** On one server, a project for each. */
async function site(): Promise<TestHouse & { key: string; release: string }> {
  const house = opened()
  sites += 1
  const key = `site-${sites}`
  await house.client.createProject({ key, kind: 'content' })
  await house.client.createEnvironment(key, { name: 'staging' })
  const release = await house.client.createRelease(key, { name: 'One' })
  return { ...house, key, release: release.id }
}

async function tagOf(house: TestHouse, path: string): Promise<string> {
  const response = await house.ask(`${root}${path}`)
  await response.arrayBuffer()
  return response.headers.get('etag') as string
}

test('a GET answers an ETag, and 304 to whoever has it', async (t: TestContext) => {
  const house = await site()
  const { release } = house
  for (const path of [
    `/releases/${release}`,
    `/projects/${house.key}/environments/staging`,
    `/projects/${house.key}/releases`,
    '/session',
    '/openapi.json',
  ]) {
    const etag = await tagOf(house, path)
    const ask = (match: string, method = 'GET') =>
      house.ask(`${root}${path}`, { method, headers: { 'if-none-match': match } })
    for (const match of [etag, `"x", ${etag}`, `W/${etag.replace('W/', '')}`, '*']) {
      const same = await ask(match)
      t.assert.deepEqual([same.status, await same.text()], [304, ''], `${path} ${match}`)
      t.assert.equal(same.headers.get('etag'), etag)
    }
    t.assert.equal((await ask('"x"')).status, 200)
    const head = await ask('"x"', 'HEAD')
    t.assert.deepEqual([head.status, head.headers.get('etag'), await head.text()], [200, etag, ''])
    t.assert.equal((await ask(etag, 'HEAD')).status, 304)
  }
  const seen = await tagOf(house, `/releases/${release}`)
  await house.ask(`${root}/releases/${release}`, { method: 'PATCH', json: { name: 'Two' } })
  t.assert.notEqual(await tagOf(house, `/releases/${release}`), seen)
})

test('If-Match on what changed answers 412, and nothing is changed', async (t: TestContext) => {
  const house = await site()
  const { client, release } = house
  const environment = `/projects/${house.key}/environments/staging`
  const items = `/releases/${release}/items`
  for (const [path, read, method, json] of [
    [`/releases/${release}`, `/releases/${release}`, 'PATCH', { name: 'Three' }],
    [`/releases/${release}/lock`, `/releases/${release}`, 'PUT', undefined],
    [`/releases/${release}/lock`, `/releases/${release}`, 'DELETE', undefined],
    [items, `/releases/${release}`, 'DELETE', { keys: 'all' }],
    [`${items}/refresh`, `/releases/${release}`, 'POST', undefined],
    [environment, environment, 'PATCH', { tier: 'high' }],
    [`/projects/${house.key}`, `/projects/${house.key}`, 'PATCH', { name: 'The site' }],
    [environment, environment, 'DELETE', undefined],
    [`/releases/${release}`, `/releases/${release}`, 'DELETE', undefined],
  ] as const) {
    const change = (match: string) =>
      house.ask(`${root}${path}`, { method, json, headers: { 'if-match': match } })
    const etag = await tagOf(house, read)
    const version = Number(etag.slice(1).split('.')[0])
    const stale = await change(`"${version - 1}"`)
    t.assert.equal(stale.status, 412, `${method} ${path}`)
    t.assert.match(await stale.text(), /"code":"version_conflict"/)
    t.assert.equal(await tagOf(house, read), etag, `${method} ${path} changed nothing`)
    const fresh = await change(etag)
    t.assert.ok(fresh.status < 300, `${method} ${path} ${fresh.status}`)
  }
  t.assert.deepEqual((await client.listReleases(house.key)).items, [])
})

test('If-Match binds, so where nothing has a version it is refused; * is what is there', async (t: TestContext) => {
  const house = await site()
  for (const [path, json] of [
    ['/projects', { key: 'other', kind: 'content' }],
    ['/tokens', { name: 'x', scopes: ['*'] }],
    [`/releases/${house.release}/clone`, { name: 'x' }],
  ] as const) {
    const ask = (match: string) => house.ask(`${root}${path}`, { json, headers: { 'if-match': match } })
    t.assert.equal((await ask('"1"')).status, 422, path)
    t.assert.equal((await ask('*')).status, 201, path)
  }
  const rename = await house.ask(`${root}/releases/${house.release}`, {
    method: 'PATCH',
    json: { name: 'y' },
    headers: { 'if-match': '*' },
  })
  t.assert.equal(rename.status, 200)
})

test('answers are kept by nobody without asking', async (t: TestContext) => {
  const house = await site()
  const kept = async (path: string, init?: Parameters<TestHouse['ask']>[1]) =>
    (await house.ask(`${root}${path}`, init)).headers.get('cache-control')
  t.assert.equal(await kept('/session'), 'private, no-cache')
  t.assert.equal(await kept('/projects/none'), 'no-store')
  t.assert.equal(await kept('/tokens', { json: { name: 'x', scopes: ['*'] } }), 'no-store')
})
