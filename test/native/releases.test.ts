import { test, type TestContext } from 'node:test'
import type { Release } from '#api/release.ts'
import { ProblemError } from '#client/problem-error.ts'
import { openSite } from './site.ts'

const refused = (status: number, code: string) => (error: unknown) =>
  error instanceof ProblemError && error.problem.status === status && error.problem.code === code

test('projects and environments are made, listed, changed and removed', async (t: TestContext) => {
  const { client, ask } = await openSite(t)
  await t.assert.rejects(
    client.createProject({ key: 'site', kind: 'content' }),
    refused(409, 'already_exists'),
  )
  await t.assert.rejects(client.createProject({ key: 'x', kind: 'code' }), refused(422, 'invalid'))
  const made = await ask('/headgate/v1/projects', {
    json: { key: 'blog', kind: 'content', content: { master_locale: 'fr-fr' } },
  })
  t.assert.deepEqual([made.status, made.headers.get('location')], [201, '/headgate/v1/projects/blog'])
  const bad = await ask('/headgate/v1/projects', {
    json: { key: 'b2', kind: 'content', content: { nope: 1 } },
  })
  t.assert.match(await bad.text(), /content\.nope/)

  const first = await client.listProjects({ limit: 1 })
  t.assert.deepEqual([first.items.map(({ key }) => key), first.next], [['blog'], 'blog'])
  const second = await client.listProjects({ limit: 1, after: 'blog' })
  t.assert.deepEqual([second.items.map(({ key }) => key), second.next], [['site'], null])

  const { items } = await client.listEnvironments('site')
  t.assert.deepEqual(
    items.map(({ name, parent, tier }) => [name, parent, tier]),
    [
      ['staging', null, null],
      ['production', 'staging', 'prod'],
    ],
  )
  await t.assert.rejects(
    client.createEnvironment('site', { name: 'production' }),
    refused(409, 'already_exists'),
  )
  await t.assert.rejects(
    client.createEnvironment('site', { name: 'x', parent: 'nope' }),
    refused(404, 'not_found'),
  )
  const patch = (json: object) =>
    ask('/headgate/v1/projects/site/environments/staging', { method: 'PATCH', json })
  t.assert.equal((await patch({ parent: 'production' })).status, 422)
  t.assert.equal((await patch({ name: 'production' })).status, 409)
  t.assert.equal((await patch({ tier: 'low' })).headers.get('etag')?.split('.')[0], '"2')

  t.assert.equal((await ask('/headgate/v1/projects/blog', { method: 'DELETE' })).status, 204)
  await t.assert.rejects(client.getProject('blog'), refused(404, 'not_found'))
})

test('a release is filled, locked, cloned and bound to the version that was read', async (t: TestContext) => {
  const { client, ask, write, release } = await openSite(t)
  const keys = [await write('blt1', 'One'), await write('blt2', 'Two')]
  await write('blt2', 'Two again')
  const id = await release('Spring', keys)
  const url = `/headgate/v1/releases/${id}`
  const items = async () =>
    ((await (await ask(`${url}/items`)).json()) as { items: { key: string; version: string }[] }).items
  t.assert.deepEqual(
    (await items()).map(({ version }) => version),
    ['1', '2'],
  )
  await client.addReleaseItems(id, { items: [{ key: keys[1]!, version: 1 }] })
  t.assert.deepEqual(
    (await items()).map(({ version }) => version),
    ['1', '1'],
  )
  await t.assert.rejects(
    client.addReleaseItems(id, { items: [{ key: keys[0]!, version: 9 }] }),
    refused(422, 'invalid'),
  )
  await t.assert.rejects(
    client.addReleaseItems(id, { items: [{ key: 'main/none/en-us' }] }),
    refused(422, 'invalid'),
  )

  const read = await ask(url)
  const tag = read.headers.get('etag') as string
  const rename = (name: string, match: string) =>
    ask(url, { method: 'PATCH', json: { name }, headers: { 'if-match': match } })
  t.assert.equal((await rename('Summer', tag)).status, 200)
  t.assert.equal((await rename('Autumn', tag)).status, 412)
  t.assert.equal((await rename('Autumn', '*')).status, 200)

  const locked = (await (await ask(`${url}/lock`, { method: 'PUT' })).json()) as Release
  t.assert.equal(locked.lock, 'user')
  await t.assert.rejects(
    client.addReleaseItems(id, { items: [{ key: keys[0]! }] }),
    refused(409, 'release_locked'),
  )
  const clone = (await (await ask(`${url}/clone`, { json: { name: 'Copy' } })).json()) as Release
  t.assert.deepEqual([clone.lock, clone.name], [null, 'Copy'])
  t.assert.equal((await ask(`${url}/lock`, { method: 'DELETE' })).status, 200)
  const removed = await ask(`${url}/items`, {
    method: 'DELETE',
    json: { keys: [keys[0], 'main/absent/en-us'] },
  })
  t.assert.deepEqual(await removed.json(), { removed: 1 })
  const listed = await client.listReleases('site', { limit: 1 })
  t.assert.ok(listed.items.length === 1 && listed.next !== null)
  t.assert.equal((await client.listReleases('site', { limit: 1, after: listed.next })).next, null)
  t.assert.equal((await ask(url, { method: 'DELETE' })).status, 204)
  await t.assert.rejects(client.getRelease(id), refused(404, 'not_found'))
})
