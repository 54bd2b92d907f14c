import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptResolution } from '#app/picks/accept-resolution.ts'
import { dropCandidate } from '#app/picks/drop-candidate.ts'
import { listPicksOfCandidates } from '#app/picks/list-picks.ts'
import { pickAgain } from '#app/picks/pick-again.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { isDomainError } from '#domain/errors.ts'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { sharedCodeHouse, until, type CodeHouse } from '../../code-house.ts'
import { fileAt, pickOne, picksOf } from './picking.ts'

const open = sharedCodeHouse()

const branch = 'aviator/1.0.0-rc2'
const conflictBranch = 'aviator/cherry-pick-1.0.0-rc2-PR3'
const marked =
  'one\n<<<<<<<<< Base content\ntwo\n=========\nsecond, fixed\n>>>>>>>>> Cherry-pick content\nthree\n'

/** A fix that does not go onto what was cut before the line that it fixes was changed. */
async function inConflict(house: CodeHouse, push = true) {
  const shop = await house.shop({ settings: { push } })
  const { repository } = shop
  repository.commit('text', { 'a.txt': 'one\ntwo\nthree\n' })
  const rc1 = await shop.cut({ release: '1.0.0' })
  repository.commit('change', { 'a.txt': 'one\nsecond\nthree\n' })
  const fix = repository.commit('Fix it (#3)', { 'a.txt': 'one\nsecond, fixed\nthree\n', 'b.txt': 'b\n' })
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: fix })
  return { shop, repository, rc1, rc2, fix }
}

const refuses = (field: string, words: RegExp) => (error: unknown) =>
  isDomainError(error, 'invalid') &&
  error.details.faults[0]?.field === field &&
  words.test(error.details.faults[0].detail)

const accept = (house: CodeHouse, candidate_id: string, commit?: string) =>
  acceptResolution(house.as.releaser, { candidate_id, ...(commit === undefined ? {} : { commit }) })

test('a conflict stands on a branch of its own until somebody pushes what they made of it', async () => {
  const house = open()
  const { shop, repository, rc1, rc2, fix } = await inConflict(house)
  assert.deepEqual([rc2.state, rc2.commit_sha, rc2.branch], ['conflicted', null, branch])
  assert.deepEqual(rc2.allowed_actions, ['accept', 'drop'])
  assert.equal(repository.head(branch), rc1.commit_sha)
  assert.equal(repository.git('show', `${conflictBranch}:a.txt`), marked.trim())
  assert.equal(repository.git('show', `${conflictBranch}:b.txt`), 'b')
  const [row] = await listPicksOfCandidates(house.ctx, [rc2.id])
  assert.deepEqual(
    [row?.outcome, row?.conflict_branch, row?.conflict_paths, row?.conflict_kinds],
    ['conflicted', conflictBranch, ['a.txt'], ['contents']],
  )
  // Nothing else is picked into the release meanwhile, and nothing of it can be deployed.
  const other = repository.commit('other', { 'c.txt': 'c\n' })
  await assert.rejects(
    requestPick(house.ctx, { project_id: shop.project.id, base: rc1.version, commit: other }),
    (error) => isDomainError(error, 'not_possible_now') && error.details.state === 'conflicted',
  )
  await assert.rejects(shop.deploy(rc2, 'staging'), (error) => isDomainError(error, 'not_possible_now'))

  await assert.rejects(accept(house, rc2.id), refuses('commit', /nobody has pushed a resolution/))
  const first = repository.git('rev-list', '--max-parents=0', 'main')
  await assert.rejects(accept(house, rc2.id, first), refuses('commit', /does not stand on 1\.0\.0-rc1/))
  await assert.rejects(
    accept(house, rc2.id, rc1.commit_sha!),
    refuses('commit', /before anything was resolved/),
  )
  repository.branch(conflictBranch)
  repository.commit('half', { 'd.txt': 'd\n' })
  await assert.rejects(accept(house, rc2.id), refuses('commit', /conflict markers in a\.txt/))
  const resolved = repository.commit('resolve', { 'a.txt': 'one\ntwo, fixed\nthree\n', 'd.txt': null })
  repository.branch('main')
  await assert.rejects(acceptResolution(house.as.viewer, { candidate_id: rc2.id }), (error) =>
    isDomainError(error, 'forbidden'),
  )
  const ready = await accept(house, rc2.id)
  assert.deepEqual([ready.state, ready.commit_sha, ready.failure_detail], ['ready', resolved, null])
  assert.deepEqual(await picksOf(house, ready), [[fix, 'picked', resolved]])
  assert.equal(await fileAt(house, shop, resolved, 'a.txt'), 'one\ntwo, fixed\nthree\n')
  await assert.rejects(accept(house, rc2.id), (error) => isDomainError(error, 'not_possible_now'))
})

test('a resolution that was merged into the candidate’s own branch comes first', async () => {
  const house = open()
  const { repository, rc2 } = await inConflict(house)
  repository.branch(conflictBranch)
  repository.commit('resolve', { 'a.txt': 'one\ntwo, fixed\nthree\n' })
  repository.branch(branch)
  const merged = repository.merge(conflictBranch)
  repository.branch(conflictBranch)
  repository.commit('an afterthought', { 'e.txt': 'e\n' })
  repository.branch('main')
  assert.equal((await accept(house, rc2.id)).commit_sha, merged)
})

test('without pushing the conflict is only here, and the resolution is named by its commit', async () => {
  const house = open()
  const { shop, repository, rc1, rc2 } = await inConflict(house, false)
  assert.deepEqual([rc2.state, rc2.branch, rc2.push_failure], ['conflicted', null, null])
  assert.equal(repository.git('branch', '--list', 'aviator/*'), '')
  repository.branch('mine', rc1.commit_sha!)
  const mine = repository.commit('fixed by hand', { 'a.txt': 'one\ntwo, fixed\nthree\n' })
  repository.branch('main')
  await assert.rejects(accept(house, rc2.id, '--all'), refuses('commit', /hexadecimal/))
  await assert.rejects(accept(house, rc2.id, 'e'.repeat(40)), refuses('commit', /no commit of/))
  assert.equal((await accept(house, rc2.id, mine.slice(0, 9))).commit_sha, mine)
  // The next candidate stands on what somebody resolved, though nothing but the bundle may have it one day.
  repository.git('branch', '-D', 'mine')
  await house.house.mirrors.remove(shop.repository_id)
  const fix = repository.commit('another', { 'z.txt': 'z\n' })
  const rc3 = await pickOne(house, shop, { base: rc2.id, commit: fix })
  assert.equal(rc3.state, 'ready')
  assert.equal(await fileAt(house, shop, rc3.commit_sha!, 'a.txt'), 'one\ntwo, fixed\nthree\n')
})

test('what is given up keeps its number, and the release goes on', async () => {
  const house = open()
  const { shop, repository, rc1, rc2 } = await inConflict(house, false)
  const dropped = await dropCandidate(house.as.releaser, { candidate_id: rc2.id, reason: 'by hand' })
  assert.deepEqual([dropped.state, dropped.allowed_actions], ['dropped', []])
  for (const again of [dropCandidate, pickAgain, acceptResolution])
    await assert.rejects(again(house.ctx, { candidate_id: rc2.id }), (error) =>
      isDomainError(error, 'not_possible_now'),
    )
  const fix = repository.commit('another', { 'z.txt': 'z\n' })
  const rc3 = await pickOne(house, shop, { base: rc1.version, commit: fix })
  assert.deepEqual([rc3.version, rc3.state], ['1.0.0-rc3', 'ready'])
})

test('branches are pushed under the names that clients know; what a host refuses is kept, said, and pushed again', async () => {
  const house = open()
  const shop = await house.shop({ settings: { push: true } })
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  const fix = repository.commit('Fix (#3)', { 'b.txt': 'b\n' })
  repository.git('config', 'receive.hideRefs', 'refs/heads/aviator')
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: fix })
  assert.deepEqual([rc2.state, rc2.branch], ['ready', null])
  assert.match(rc2.push_failure!, /deny updating a hidden ref/)
  assert.equal(repository.git('branch', '--list', 'aviator/*'), '')
  assert.deepEqual(rc2.allowed_actions, ['deploy', 'build', 'pick_again'])
  repository.git('config', '--unset', 'receive.hideRefs')
  await pickAgain(house.as.releaser, { candidate_id: rc2.id })
  const pushed = await until(
    () => getCandidate(house.ctx, { candidate_id: rc2.id }),
    ({ branch: there }) => there !== null,
    'the branch',
  )
  assert.deepEqual([pushed.state, pushed.branch, pushed.push_failure], ['ready', branch, null])
  assert.equal(pushed.commit_sha, rc2.commit_sha)
  assert.equal(repository.head(branch), rc2.commit_sha)
  assert.equal(
    repository.git('log', '-1', '--format=%an <%ae>|%cn <%ce>|%s', branch),
    'Ada <ada@example.com>|Release Bot <bot@example.com>|Cherry-pick PR #3: Fix',
  )
})

test('of two resolutions at once one is taken, and its own commit is what is kept', async () => {
  const house = open()
  const { shop, repository, rc2 } = await inConflict(house, false)
  const resolutions = ['one', 'two'].map((name) => {
    repository.branch(name, 'main~1')
    return repository.commit(name, { 'a.txt': `one\n${name}\nthree\n` })
  })
  const ends = await Promise.allSettled(resolutions.map((commit) => accept(house, rc2.id, commit)))
  const [taken, ...others] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  assert.equal(others.length, 0)
  repository.branch('main')
  repository.git('branch', '-D', 'one', 'two')
  await house.house.mirrors.remove(shop.repository_id)
  const mirror = await house.house.mirrors.open({ id: shop.repository_id, url: repository.url })
  assert.equal((await mirror.git(['cat-file', '-t', taken!.commit_sha!])).stdout, 'commit\n')
})
