import { test, type TestContext } from 'node:test'
import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { findCandidate } from '#app/candidates/find-candidate.ts'
import { listCandidates } from '#app/candidates/list-candidates.ts'
import { createProject } from '#app/projects/create-project.ts'
import { removeProject } from '#app/projects/remove-project.ts'
import { openRepository } from '#app/repositories/open-repository.ts'
import { sharedCodeHouse, type Shop } from '../../code-house.ts'
import { refusal } from '../refusal.ts'

const open = sharedCodeHouse()

const versionsOf = async ({ project }: Shop) =>
  (await listCandidates(open().ctx, { project_id: project.id, limit: 100 })).map(({ version }) => version)

test('the head of the branch is cut as the first candidate of the day’s next release', async (t: TestContext) => {
  const house = open()
  house.clock.now = new Date('2026-11-21T09:00:00Z')
  const shop = await house.shop()
  const sha = shop.repository.commit('feat: sell', { 'shop.txt': '1' })
  const { candidate, created } = await cutCandidate(house.as.releaser, { project_id: shop.project.id })
  const { version, release_version, number, commit_sha, state, revision_number, cause } = candidate
  t.assert.deepEqual(
    { created, version, release_version, number, commit_sha, state, revision_number, cause },
    {
      created: true,
      version: '2026.11.21-1-rc1',
      release_version: '2026.11.21-1',
      number: 1,
      commit_sha: sha,
      state: 'ready',
      revision_number: 1,
      cause: 'person',
    },
  )
  t.assert.equal(candidate.created_by_email, 'releaser@example.com')
  const revision = await house.ctx.db
    .selectFrom('revision')
    .select(['items', 'scope', 'number'])
    .where('id', '=', candidate.revision_id)
    .executeTakeFirstOrThrow()
  t.assert.deepEqual(revision, {
    items: [{ key: 'acme/shop', kind: 'repository', action: 'set', version: sha, title: version }],
    scope: 'whole_state',
    number: 1,
  })
  t.assert.equal((await shop.cut()).version, '2026.11.21-2-rc1', 'the same commit may be cut again')
})

test('the counter of a day begins anew at midnight where the project is', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ settings: { time_zone: 'Europe/Paris' } })
  house.clock.now = new Date('2026-11-21T22:58:00Z')
  await shop.cut()
  await shop.cut()
  house.clock.now = new Date('2026-11-21T23:01:00Z')
  await shop.cut()
  house.clock.now = new Date('2026-11-22T22:30:00Z')
  await shop.cut()
  t.assert.deepEqual(await versionsOf(shop), [
    '2026.11.22-2-rc1',
    '2026.11.22-1-rc1',
    '2026.11.21-2-rc1',
    '2026.11.21-1-rc1',
  ])
})

test('semantic versions go on by one patch, from 0.1.0 or from whatever was cut last', async (t: TestContext) => {
  const shop = await open().shop({ settings: { versions: 'semver' } })
  t.assert.equal((await shop.cut()).version, '0.1.0-rc1')
  await shop.cut({ version: '2.0.0-rc3' })
  t.assert.equal((await shop.cut()).version, '2.0.1-rc1')
  await shop.cut({ release: '1.9.7' })
  t.assert.equal((await shop.cut()).version, '1.9.8-rc1', 'the newest by creation, not the highest')
  await shop.cut({ release: '1.9.6' })
  t.assert.equal((await shop.cut()).version, '1.9.9-rc1', 'and no number twice')
})

test('one version is one commit for good: the same again changes nothing, another is refused', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const first = shop.repository.head()
  const second = shop.repository.commit('fix: more', { 'a.txt': '2' })
  const cut = (commit: string, version = '1.2.0-rc2') =>
    cutCandidate(house.as.releaser, { project_id: shop.project.id, version, commit })
  const made = await cut(first.slice(0, 7))
  t.assert.deepEqual([made.created, made.candidate.commit_sha], [true, first])
  const again = await cut(first)
  t.assert.deepEqual([again.created, again.candidate.id], [false, made.candidate.id])
  t.assert.deepEqual(await refusal(() => cut(second), 'already_exists'), {
    what: 'candidate',
    id: '1.2.0-rc2',
  })
  const next = await cut(second, '1.2.0-rc5')
  t.assert.equal(next.candidate.release_id, made.candidate.release_id, 'appended to its release')
  const { candidate } = await cutCandidate(house.ctx, { project_id: shop.project.id, release: '1.2.0' })
  t.assert.deepEqual([candidate.version, candidate.revision_number], ['1.2.0-rc6', 6])
})

test('a number is burned once it was given, and stays so', async (t: TestContext) => {
  const house = open()
  house.clock.now = new Date('2026-11-23T09:00:00Z')
  const shop = await house.shop()
  await shop.cut({ version: '2026.11.23-4-rc1' })
  const next = await shop.cut()
  t.assert.equal(next.version, '2026.11.23-5-rc1')
})

test('cuts at the same moment get numbers without gaps, and two of one version meet', async (t: TestContext) => {
  const house = open()
  house.clock.now = new Date('2026-11-24T09:00:00Z')
  const shop = await house.shop()
  await Promise.all([1, 2, 3, 4, 5].map(() => shop.cut()))
  const versions = await versionsOf(shop)
  t.assert.deepEqual(
    versions.toSorted(),
    [1, 2, 3, 4, 5].map((n) => `2026.11.24-${n}-rc1`),
  )
  const project_id = shop.project.id
  const same = await Promise.all(
    [1, 2, 3].map(() => cutCandidate(house.ctx, { project_id, version: '3.0.0-rc1' })),
  )
  t.assert.deepEqual(same.map(({ created }) => created).toSorted(), [false, false, true])
  t.assert.equal(new Set(same.map(({ candidate }) => candidate.id)).size, 1)
})

test('a branch is cut at its head, a commit wherever it is', async (t: TestContext) => {
  const shop = await open().shop()
  shop.repository.branch('release/1')
  const side = shop.repository.commit('fix: on the side', { 'b.txt': '1' })
  shop.repository.branch('main')
  t.assert.equal((await shop.cut({ branch: 'release/1' })).commit_sha, side)
  t.assert.equal((await shop.cut({ commit: side })).commit_sha, side)
  t.assert.equal((await shop.cut()).commit_sha, shop.repository.head('main'))
})

test('what cannot be cut is refused, and leaves nothing behind', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const cut = (request: object) => () => shop.cut(request, house.as.releaser)
  const fieldOf = async (request: object) => (await refusal(cut(request), 'invalid')).faults[0]!.field
  for (const version of [
    '1.2.0',
    '1.2.0.rc1',
    '1.2.0-RC1',
    '-rc1',
    '1.2.0-rc0',
    '1.2.0-rc01',
    'a/b-rc1',
    'a\u0000-rc1',
  ])
    t.assert.equal(await fieldOf({ version }), 'version', version)
  for (const release of ['', ' ', 'a b', '--upload-pack=touch', 'x..y', '\ud800'])
    t.assert.equal(await fieldOf({ release }), 'release', release)
  for (const commit of ['', 'main', '--upload-pack=touch', 'abc', 'f'.repeat(40), '0'.repeat(41), '1234567'])
    t.assert.equal(await fieldOf({ commit }), 'commit', commit)
  for (const branch of ['nope', '--all', 'a\u0000b', 'refs/heads/../x'])
    t.assert.equal(await fieldOf({ branch }), 'branch', branch)
  t.assert.equal(await fieldOf({ version: '1.0.0-rc1', release: '2.0.0' }), 'release')
  t.assert.deepEqual(await versionsOf(shop), [])
  const site = await createProject(house.ctx, {
    key: `site-${shop.project.key}`,
    name: 'Site',
    kind: 'content',
  })
  await refusal(() => cutCandidate(house.ctx, { project_id: site.id }), 'not_found')
})

test('a repository that cannot be reached is said, and a commit that is here already is cut all the same', async (t: TestContext) => {
  const shop = await open().shop()
  const { commit_sha } = await shop.cut()
  shop.repository.remove()
  const { repository } = await refusal(() => shop.cut(), 'repository_unreachable')
  t.assert.equal(repository, shop.project.key.replace(/^/, 'acme/'))
  t.assert.equal((await shop.cut({ commit: commit_sha! })).commit_sha, commit_sha)
})

test('a release that a user has locked takes no more candidates', async () => {
  const house = open()
  const shop = await house.shop()
  const { release_id } = await shop.cut({ version: '1.0.0-rc1' })
  await house.ctx.db.updateTable('release').set({ lock: 'user' }).where('id', '=', release_id).execute()
  await refusal(() => shop.cut({ version: '1.0.0-rc2' }), 'release_locked')
})

test('a candidate is found by its version, and who may not read the project finds none', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const { id } = await shop.cut({ version: '1.0.0-rc1' })
  const at = { project_id: shop.project.id, version: '1.0.0-rc1' }
  t.assert.equal((await findCandidate(house.as.viewer, at)).id, id)
  await refusal(() => findCandidate(house.ctx, { ...at, version: '1.0.0-rc2' }), 'not_found')
  await refusal(() => shop.cut({}, house.as.viewer), 'forbidden')
})

test('a commit stays here though its branch is pushed over and its repository forgets it', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const base = shop.repository.head()
  shop.repository.commit('feat: soon gone', { 'gone.txt': '1' })
  const { commit_sha } = await shop.cut()
  shop.repository.git('reset', '--quiet', '--hard', base)
  shop.repository.git('reflog', 'expire', '--expire=now', '--all')
  shop.repository.git('gc', '--quiet', '--prune=now')
  await shop.cut()
  const { mirror } = await openRepository(house.ctx, shop.project.id)
  await mirror.git(['gc', '--quiet', '--prune=now'])
  t.assert.equal((await shop.cut({ commit: commit_sha!.slice(0, 10) })).commit_sha, commit_sha)
})

test('a project goes with its candidates', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: { executor: 'command', command: ['true'] } })
  await shop.cut()
  await shop.deploy(await shop.cut({ build: false }), 'staging')
  await removeProject(house.as.admin, { project_id: shop.project.id })
  t.assert.deepEqual(await versionsOf(shop), [])
})
