import { createHmac } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import type { CatalogueItem, Commit, Fetched } from '#api/catalogue.ts'
import type { Problem } from '#api/problem.ts'
import { hookContext } from '#app/repositories/hear-push.ts'
import { credentialContext } from '#app/repositories/remote-of.ts'
import { openVault } from '#ground/encryption.ts'
import { findCommit } from '#app/repositories/find-commit.ts'
import { headOf } from '#app/repositories/head-of.ts'
import { showId } from '#domain/ids.ts'
import { resolveCommit } from '#catalogue/code/resolve-commit.ts'
import { openRepository } from '#app/repositories/open-repository.ts'
import { updateRepository } from '#store/repository.ts'
import { sharedCodeHouse, until, type CodeHouse } from '../code-house.ts'

const open = sharedCodeHouse()

interface Listed {
  items: CatalogueItem[]
  next: string | null
}

async function read<T>(
  house: CodeHouse,
  path: string,
  init: RequestInit & { json?: unknown } = {},
): Promise<T> {
  const response = await house.ask(`/headgate/v1/${path}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as T
}

async function problem(house: CodeHouse, path: string, init: RequestInit & { json?: unknown } = {}) {
  const response = await house.ask(`/headgate/v1/${path}`, init)
  const { code, detail, faults = [] } = (await response.json()) as Problem
  return [response.status, code, faults.map(({ field }) => field).join() || detail]
}

test('the commits of a project are browsed, searched and paged, and known where they are live', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ settings: { paths: ['shop/**'] } })
  const { repository, project } = shop
  const shas: string[] = []
  for (let n = 1; n <= 5; n += 1) shas.push(repository.commit(`feat: number ${n}`, { 'shop/a.txt': `${n}` }))
  repository.commit('docs: elsewhere', { 'docs/a.md': '1' })
  const at = `projects/${project.key}`
  t.assert.deepEqual(await read<Fetched>(house, `${at}/fetch`, { method: 'POST' }), {
    repository: `acme/${project.key}`,
    branch: 'main',
    commit: repository.head(),
  })
  const first = await read<Listed>(house, `${at}/catalogue?limit=3`)
  t.assert.deepEqual(
    first.items.map(({ title }) => title),
    ['feat: number 5', 'feat: number 4', 'feat: number 3'],
  )
  repository.commit('feat: number 6', { 'shop/a.txt': '6' })
  await house.client.fetchRepository(project.key)
  // The history that was begun is gone on with.
  const rest = await read<Listed>(house, `${at}/catalogue?limit=3&after=${first.next}`)
  t.assert.deepEqual([rest.items.map(({ version }) => version), rest.next], [[shas[1], shas[0]], null])
  const all = await read<Listed>(house, `${at}/catalogue?all=true&limit=2`)
  t.assert.deepEqual(
    all.items.map(({ title }) => title),
    ['feat: number 6', 'docs: elsewhere'],
  )
  const searched = await read<Listed>(house, `${at}/catalogue?q=NUMBER%202`)
  t.assert.deepEqual(
    searched.items.map(({ version }) => version),
    [shas[1]],
  )
  const byId = await read<Listed>(house, `${at}/catalogue?q=${shas[3]!.slice(0, 9)}`)
  t.assert.deepEqual(
    byId.items.map(({ commit }) => commit?.subject),
    ['feat: number 4'],
  )

  const { id } = await shop.cut({ commit: shas[4]! })
  const candidate = await house.settled(id)
  const deployment_id = await shop.deploy(candidate, 'staging')
  const reported = { method: 'POST', json: { status: 'success' } }
  await read(house, `deployments/${showId('deployment', deployment_id)}/report`, reported)
  const commit = await read<Commit>(house, `${at}/commits/${shas[4]!.slice(0, 7)}`)
  t.assert.deepEqual(
    [commit.sha, commit.parents, commit.author, commit.repository, commit.live.length],
    [shas[4], [shas[3]], { name: 'Ada', email: 'ada@example.com' }, `acme/${project.key}`, 1],
  )
  const live = await read<Listed>(house, `${at}/catalogue?limit=3`)
  t.assert.deepEqual(
    live.items.map((item) => item.live.map(({ environment_name }) => environment_name)),
    [[], ['staging'], []],
  )
})

test('what headgate.yaml says of a repository is shown without its secrets', async (t: TestContext) => {
  const house = open()
  const build = { executor: 'command', command: ['make'], environment: { KEY: 'top-secret' } }
  const { project, repository, repository_id } = await house.shop({
    ...{ build, deploy_to: 'staging', settings: { paths: ['shop/**'], versions: 'semver' } },
  })
  const shown = await house.client.getRepository(project.key)
  t.assert.deepEqual(
    [shown.id, shown.name, shown.url, shown.paths, shown.versions, shown.has_credential, shown.cut],
    [
      ...[
        showId('repository', repository_id),
        `acme/${project.key}`,
        repository.url,
        ['shop/**'],
        'semver',
        false,
      ],
      { cron: null, next_at: null, deploy_to: 'staging' },
    ],
  )
  t.assert.deepEqual(shown.build, { executor: 'command', command: ['make'], environment: { KEY: '•••' } })
  const other = await problem(house, 'projects/no-such/repository')
  t.assert.deepEqual(other.slice(0, 2), [404, 'not_found'])
})

test('a commit that the mirror does not have is fetched, and one that nobody has is not there', async (t: TestContext) => {
  const house = open()
  const { repository, project } = await house.shop()
  await house.client.fetchRepository(project.key)
  const pushed = repository.commit('Pushed', { 'a.txt': '1' })
  t.assert.equal((await house.client.getCommit(project.key, pushed)).subject, 'Pushed')
  const at = `projects/${project.key}`
  const cases: [string, unknown[]][] = [
    [`commits/${'f'.repeat(40)}`, [404, 'not_found']],
    ['commits/--upload-pack=touch%20x', [404, 'not_found']],
    ['commits/HEAD', [404, 'not_found']],
    ['commits/%00', [400, 'malformed']],
    ['catalogue?branch=--all', [404, 'not_found']],
    ['catalogue?branch=..%2Fmain', [404, 'not_found']],
    ['catalogue?after=nonsense', [422, 'invalid']],
    [`catalogue?after=${'f'.repeat(40)}.3`, [422, 'invalid']],
    [`catalogue?after=${pushed}.999999999`, [200, undefined]],
    ['catalogue?kind=x', [422, 'invalid']],
    ['catalogue?q=%00%FF', [400, 'malformed']],
  ]
  for (const [path, wanted] of cases) {
    const [status, code] = await problem(house, `${at}/${path}`)
    t.assert.deepEqual([status, code], wanted, path)
  }
  for (const text of ['--upload-pack=x', 'main', '', 'abc', '\0'])
    await t.assert.rejects(findCommit(house.ctx, project.id, text), { code: 'invalid' })
  for (const name of ['--all', 'a..b', 'no-such', '', 'x y'])
    await t.assert.rejects(headOf(house.ctx, project.id, name), { code: 'invalid' })
})

test('a repository that cannot be reached is said to be so, and its secret is not', async (t: TestContext) => {
  const house = open()
  const { project, repository_id } = await house.shop()
  const move = (url: string) =>
    updateRepository(house.house.db, { id: repository_id, url, updated_at: house.clock.now })
  await move('/nowhere/at/all')
  const [status, code, detail] = await problem(house, `projects/${project.key}/catalogue`)
  t.assert.deepEqual([status, code], [424, 'repository_unreachable'])
  t.assert.match(String(detail), /nowhere.*does not appear to be a git repository/)
  // What was no URL to begin with is not spoken to either, however it came there.
  await move('ext::sh -c touch% /tmp/never')
  t.assert.match(
    String(await problem(house, `projects/${project.key}/fetch`, { method: 'POST' })),
    /ext:: runs a program/,
  )
})

test('its host says that something was pushed, and proves that it is the host', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const secret = 'what-the-host-knows'
  const { repository, repository_id: id, project } = shop
  const { vault, db } = house.house
  await house.client.fetchRepository(project.key)
  const name = `acme/${project.key}`
  const send = (path: string, headers: Record<string, string>, body = '{"ref":"refs/heads/main"}') =>
    fetch(`${house.url}/headgate/hooks/repositories/${path}`, { method: 'POST', body, headers })
  const signed = (body: string, by = secret) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', by).update(body).digest('hex')}`,
  })
  const statusOf = async (...sent: Parameters<typeof send>) => (await send(...sent)).status
  t.assert.equal(await statusOf(name, signed('{}'), '{}'), 401)
  await updateRepository(db, {
    id,
    hook_secret: vault.seal(secret, hookContext(id)),
    updated_at: house.clock.now,
  })

  const pushed = repository.commit('Pushed', { 'a.txt': '1' })
  // Not as JSON would be written: what is signed is what was sent.
  const body = '{ "ref" :\t"refs/heads/main", "n": 1.0 }'
  t.assert.equal(await statusOf(name, signed(body), body), 202)
  await until(
    async () => resolveCommit((await openRepository(house.ctx, project.id)).mirror, pushed),
    (sha) => sha === pushed,
    'the fetch',
  )
  const good: [string, Record<string, string>, string][] = [
    [name.toUpperCase(), signed('{}'), '{}'],
    [encodeURIComponent(name), signed('{}'), '{}'],
    [showId('repository', id), signed('x=1'), 'x=1'],
    [name, { 'x-gitlab-token': secret }, '{}'],
    [name, { authorization: `Bearer ${secret}` }, ''],
  ]
  for (const sent of good) t.assert.equal(await statusOf(...sent), 202, JSON.stringify(sent))
  const bad: [string, Record<string, string>, string][] = [
    [name, {}, '{}'],
    [name, signed('{}', 'another'), '{}'],
    [name, signed('{}'), '{ }'],
    [name, { 'x-hub-signature-256': 'sha256=' }, '{}'],
    [name, { 'x-hub-signature-256': 'sha256=zz', authorization: `Bearer ${secret}` }, '{}'],
    [name, { 'x-gitlab-token': 'what-the-host-knowz' }, '{}'],
    ['acme/unknown', signed('{}'), '{}'],
    [showId('repository', project.id), signed('{}'), '{}'],
  ]
  for (const sent of bad) t.assert.equal(await statusOf(...sent), 401, JSON.stringify(sent))
  const lost = openVault([Buffer.alloc(32, 8)])
  await updateRepository(db, {
    ...{ id, hook_secret: lost.seal(secret, hookContext(id)), updated_at: house.clock.now },
    credential: lost.seal('ghs_0123456', credentialContext(id)),
  })
  t.assert.equal(await statusOf(name, signed('{}'), '{}'), 401)
  const [status, code] = await problem(house, `projects/${project.key}/fetch`, { method: 'POST' })
  t.assert.deepEqual([status, code], [424, 'repository_unreachable'])
  t.assert.equal(await statusOf('%00', signed('{}'), '{}'), 400)
  t.assert.equal(await statusOf(name, signed('{}'), 'x'.repeat(9 * 1024 * 1024)), 413)
})
