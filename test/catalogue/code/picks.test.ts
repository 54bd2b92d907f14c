import assert from 'node:assert/strict'
import { test } from 'node:test'
import { candidateRef, readBundle, restoreBundle, setRef } from '#catalogue/code/pick/bundle.ts'
import { containing } from '#catalogue/code/pick/containing.ts'
import { findPullRequest, listRange, sourcesOf } from '#catalogue/code/pick/find-sources.ts'
import { leftoverMarkers } from '#catalogue/code/pick/leftover-markers.ts'
import { pickCommits } from '#catalogue/code/pick/pick-commits.ts'
import { smallRepository } from './small-repository.ts'

const committer = { name: 'Release Bot', email: 'bot@example.com', at: new Date('2026-11-21T10:00:00Z') }

test('a commit is found in a history as itself, by what says it picked it, and as the same change', async (t) => {
  const { commit, mirror } = smallRepository(t)
  const base = commit({ message: 'begin', files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } })
  const fix = commit({ message: 'fix', files: { 'a.txt': 'fixed\n' } })
  const later = commit({ message: 'later', files: { 'c.txt': 'c\n' } })
  const said = commit({
    branch: 'said',
    parent: base,
    message: `other words\n\n(cherry picked from commit ${fix})`,
    files: { 'a.txt': 'fixed otherwise\n' },
  })
  commit({ branch: 'same', parent: base, message: 'before', files: { 'b.txt': 'B\n' } })
  const same = commit({ branch: 'same', message: 'the same by hand', files: { 'a.txt': 'fixed\n' } })
  const without = commit({
    branch: 'without',
    parent: base,
    message: 'nothing of it',
    files: { 'a.txt': 'other\n' },
  })
  const found = await containing(mirror, fix, [base, fix, later, said, same, without])
  assert.deepEqual(
    found,
    new Map([
      [fix, 'ancestor'],
      [later, 'ancestor'],
      [said, 'trailer'],
      [same, 'patch'],
    ]),
  )
})

test('a pull request is found by its number: squashed, merged, rebased, and not merged yet', async (t) => {
  const { commit, mirror, git } = smallRepository(t)
  const base = commit({ message: 'begin', files: { 'a.txt': 'a\n' } })
  const squashed = commit({ message: 'Fix the till (#3)', files: { 'a.txt': 'b\n' } })
  const side = commit({ branch: 'side', parent: base, message: 'side', files: { 'b.txt': 'b\n' } })
  const merge = commit({
    message: 'Merge pull request #33 from acme/side\n\nA side',
    merges: side,
    files: { 'b.txt': 'b\n' },
  })
  commit({ message: 'Revert "Fix the till (#3)" (#34)', files: { 'a.txt': 'a\n' } })
  const one = commit({ message: 'one (#5)', files: { 'c.txt': '1\n' } })
  const two = commit({ message: 'two (#5)', files: { 'c.txt': '2\n' } })
  const open = commit({ branch: 'open', parent: base, message: 'open', files: { 'd.txt': 'd\n' } })
  git('update-ref', 'refs/pull/8/head', open)
  const find = async (number: number) =>
    (await findPullRequest(mirror, two, number)).map(({ sha, pull_request, title }) => [
      sha,
      pull_request,
      title,
    ])
  assert.deepEqual(await find(3), [[squashed, 3, 'Fix the till']])
  assert.deepEqual(await find(33), [[merge, 33, 'A side']])
  assert.deepEqual(await find(5), [
    [one, 5, 'one'],
    [two, 5, 'two'],
  ])
  assert.deepEqual(await find(8), [[open, 8, 'open']])
  assert.deepEqual(await find(4), [])
  assert.deepEqual(await sourcesOf(mirror, [side, squashed]), [
    { sha: side, pull_request: null, title: 'side' },
    { sha: squashed, pull_request: 3, title: 'Fix the till' },
  ])
  assert.deepEqual(await listRange(mirror, merge, one), [
    await mirror.git(['rev-parse', `${one}^`]).then(({ stdout }) => stdout.trim()),
    one,
  ])
})

test('what only we have is brought back to a mirror made anew, by its bundle', async (t) => {
  const { commit, mirror, file } = smallRepository(t)
  const base = commit({ message: 'begin', files: { 'a.txt': 'a\n' } })
  const other = smallRepository(t)
  await other.mirror.git(['fetch', '--quiet', '--', mirror.folder, '+refs/heads/*:refs/heads/*'], {
    environment: { GIT_ALLOW_PROTOCOL: 'file' },
  })
  const fix = commit({ message: 'fix', files: { 'b.txt': 'b\n' } })
  const { head_sha } = await pickCommits({ mirror, onto: base, sources: [fix], committer })
  const ref = candidateRef('0192aaaa-0000-7000-8000-000000000000')
  await setRef(mirror, ref, head_sha)
  const bytes: Uint8Array[] = []
  for await (const chunk of readBundle(mirror, ref, base)) bytes.push(chunk)
  const bundle = async function* () {
    yield* bytes
  }
  await restoreBundle(other.mirror, bundle())
  assert.equal(other.file(ref, 'b.txt').toString(), 'b\n')
  assert.equal(file(head_sha, 'b.txt').toString(), 'b\n')
  const stranger = smallRepository(t)
  await assert.rejects(restoreBundle(stranger.mirror, bundle()), /prerequisite/)
})

test('what is left of a conflict is found, and what was there before is not', async (t) => {
  const { commit, mirror } = smallRepository(t)
  const conflict = (size: number) =>
    `x\n${'<'.repeat(size)} Base content\na\n${'='.repeat(size)}\nb\n${'>'.repeat(size)} Cherry-pick content\n`
  const base = commit({ message: 'begin', files: { 'a.txt': 'a\n', 'lesson.md': conflict(7) } })
  const left = commit({
    message: 'left',
    files: {
      'a.txt': conflict(9),
      'b/c.txt': conflict(7),
      'quote.md': '>>>>>>> quoted\n',
      'lesson.md': `${conflict(7)}more\n`,
    },
  })
  assert.deepEqual(await leftoverMarkers(mirror, base, left), ['a.txt', 'b/c.txt'])
  const resolved = commit({ message: 'resolved', files: { 'a.txt': 'both\n', 'b/c.txt': 'c\n' } })
  assert.deepEqual(await leftoverMarkers(mirror, base, resolved), [])
})
