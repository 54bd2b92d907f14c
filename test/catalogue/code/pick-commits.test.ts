import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pickCommits } from '#catalogue/code/pick/pick-commits.ts'
import { smallRepository } from './small-repository.ts'

const committer = { name: 'Release Bot', email: 'bot@example.com', at: new Date('2026-11-21T10:00:00Z') }

/** A repository in which `release` was cut from main before the rest came. */
function cut(t: TestContext, files: Record<string, string | { link: string } | { submodule: string }>) {
  const repository = smallRepository(t)
  const onto = repository.commit({ message: 'begin', files })
  const pick = (...sources: string[]) => pickCommits({ mirror: repository.mirror, onto, sources, committer })
  return { ...repository, onto, pick }
}

const lines = (...texts: string[]) => `${texts.join('\n')}\n`

test('a pick keeps author, date and body, is committed by the bot, and says where it came from', async (t) => {
  const { commit, git, file, onto, pick, mirror } = cut(t, { 'a.txt': lines('one', 'two', 'three') })
  commit({ message: 'between', files: { 'b.txt': 'b' } })
  const fix = commit({
    message: 'Fix the till (#3)\n\nIt rang twice.\n',
    files: { 'a.txt': lines('one', 'TWO', 'three') },
    author: 'Bob <bob@example.com>',
    at: 1_700_009_999,
  })
  const { picks, clean_sha, head_sha } = await pick(fix)
  assert.equal(picks[0]?.outcome, 'picked')
  assert.equal(clean_sha, head_sha)
  assert.equal(file(head_sha, 'a.txt').toString(), lines('one', 'TWO', 'three'))
  assert.throws(() => file(head_sha, 'b.txt'), /does not exist/)
  assert.equal(
    git('log', '-1', '--format=%P|%an|%ae|%at|%cn|%ce|%ct|%B', head_sha).trim(),
    `${onto}|Bob|bob@example.com|1700009999|Release Bot|bot@example.com|1795255200|Cherry-pick PR #3: Fix the till\n\nIt rang twice.\n\n(cherry picked from commit ${fix})`,
  )
  // The same again, also several at once.
  rmSync(join(mirror.folder, 'info'), { recursive: true })
  const twice = () => pickCommits({ mirror, onto, sources: [fix], committer })
  for (const again of await Promise.all([twice(), twice(), twice()])) assert.equal(again.head_sha, head_sha)
})

test('what is there already is an empty pick', async (t) => {
  const { commit, onto, pick } = cut(t, { 'a.txt': 'one\n' })
  commit({ message: 'away', files: { 'a.txt': 'two\n' } })
  const back = commit({ message: 'and back', files: { 'a.txt': 'one\n' } })
  const { picks, head_sha } = await pick(back)
  assert.deepEqual(picks, [{ source: back, outcome: 'empty', commit_sha: null, conflicts: [] }])
  assert.equal(head_sha, onto)
})

test('of a merge is picked what it brought to its first parent, under its pull request’s title', async (t) => {
  const { commit, git, file, onto, pick } = cut(t, { 'a.txt': lines('one', 'two'), 'b.txt': 'b\n' })
  commit({ branch: 'side', parent: onto, message: 'half', files: { 'a.txt': lines('one', 'half') } })
  const side = commit({ branch: 'side', message: 'whole', files: { 'a.txt': lines('one', 'whole') } })
  commit({ message: 'meanwhile', files: { 'b.txt': 'B\n' } })
  const merge = commit({
    message: 'Merge pull request #7 from acme/side\n\nMake it whole',
    merges: side,
    files: { 'a.txt': lines('one', 'whole') },
  })
  const { head_sha } = await pick(merge)
  assert.equal(file(head_sha, 'a.txt').toString(), lines('one', 'whole'))
  assert.equal(file(head_sha, 'b.txt').toString(), 'b\n')
  assert.equal(git('log', '-1', '--format=%s', head_sha).trim(), 'Cherry-pick PR #7: Make it whole')
})

test('a conflict is committed with both sides between nine characters', async (t) => {
  const { commit, git, file, onto, pick } = cut(t, { 'a.txt': lines('one', 'two', 'three') })
  commit({ message: 'first', files: { 'a.txt': lines('one', 'second', 'three') } })
  const fix = commit({ message: 'Fix (#3)', files: { 'a.txt': lines('one', 'second, fixed', 'three') } })
  const { picks, clean_sha, head_sha } = await pick(fix)
  assert.deepEqual(picks[0]?.conflicts, [{ path: 'a.txt', kind: 'contents', marked: true }])
  assert.equal(clean_sha, onto)
  assert.equal(
    file(head_sha, 'a.txt').toString(),
    'one\n<<<<<<<<< Base content\ntwo\n=========\nsecond, fixed\n>>>>>>>>> Cherry-pick content\nthree\n',
  )
  assert.match(
    git('log', '-1', '--format=%B', head_sha),
    /^Cherry-pick PR #3: Fix\n[^]*In conflict:\n\ta\.txt \(contents\)/,
  )
})

test('what cannot stand between markers is named with its reason, and nothing is lost', async (t) => {
  const old = { submodule: '1'.repeat(40) }
  const { commit, git, file, pick } = cut(t, {
    'gone.txt': 'g\n',
    'logo.png': '\0base',
    link: { link: 'base' },
    sub: old,
    'kept.txt': 'k\n',
    'dir/x': 'x\n',
  })
  commit({
    message: 'first',
    files: {
      'logo.png': '\0main',
      link: { link: 'main' },
      sub: { submodule: '2'.repeat(40) },
      'gone.txt': 'main\n',
      'a\nb': 'main\n',
      'kept.txt': 'K\n',
    },
  })
  const fix = commit({
    message: 'all',
    files: {
      'logo.png': '\0fix',
      link: { link: 'fix' },
      sub: { submodule: '3'.repeat(40) },
      'gone.txt': null,
      'a\nb': 'fix\n',
      'kept.txt': null,
    },
  })
  const { picks, head_sha } = await pick(fix)
  assert.deepEqual(picks[0]?.conflicts, [
    { path: 'a\nb', kind: 'modify/delete', marked: false },
    { path: 'gone.txt', kind: 'modify/delete', marked: false },
    { path: 'kept.txt', kind: 'modify/delete', marked: false },
    { path: 'link', kind: 'symlink', marked: false },
    { path: 'logo.png', kind: 'binary', marked: false },
    { path: 'sub', kind: 'submodule', marked: false },
  ])
  assert.equal(file(head_sha, 'logo.png').toString(), '\0base')
  assert.equal(git('cat-file', 'blob', `${head_sha}:link`), 'base')
  assert.match(git('ls-tree', head_sha, 'sub'), new RegExp(`^160000 commit ${old.submodule}`))
})

test('a pick follows a file to its new name, and says where two names clash', async (t) => {
  const text = lines(...Array.from({ length: 20 }, (_, index) => `line ${index}`))
  const { commit, file, onto, mirror } = cut(t, { 'old.txt': text, q: 'file\n' })
  const base = commit({
    branch: 'release',
    parent: onto,
    message: 'rename',
    files: { 'old.txt': null, 'new.txt': text },
  })
  const fix = commit({ message: 'fix', files: { 'old.txt': text.replace('line 7', 'line seven') } })
  const { head_sha } = await pickCommits({ mirror, onto: base, sources: [fix], committer })
  assert.match(file(head_sha, 'new.txt').toString(), /line seven/)
  const clash = commit({ message: 'clash', files: { 'old.txt': text.replace('line 7', 'line SEVEN') } })
  const { picks, head_sha: marked } = await pickCommits({
    mirror,
    onto: head_sha,
    sources: [clash, fix],
    committer,
  })
  assert.deepEqual(
    picks.map(({ outcome }) => outcome),
    ['picked', 'conflicted'],
  )
  assert.match(file(marked, 'new.txt').toString(), /^<<<<<<<<< Base content:new\.txt$/m)
  assert.match(file(marked, 'new.txt').toString(), /^>>>>>>>>> Cherry-pick content:old\.txt$/m)
  const folded = commit({
    branch: 'folder',
    parent: onto,
    message: 'q is a folder',
    files: { q: null, 'q/x': 'x\n' },
  })
  const edit = commit({ message: 'edit q', files: { q: 'file, edited\n' } })
  const there = await pickCommits({ mirror, onto: folded, sources: [edit], committer })
  assert.deepEqual(
    there.picks[0]?.conflicts.map(({ path, marked }) => [path, marked]),
    [['q~cherry-pick', false]],
  )
  assert.equal(file(there.head_sha, 'q~cherry-pick').toString(), 'file, edited\n')
  assert.equal(file(there.head_sha, 'q/x').toString(), 'x\n')
})

test('names that are not UTF-8 stay the bytes they are, and what git would refuse gives way to the bot', async (t) => {
  const { commit, git, bytes, pick, mirror, onto } = cut(t, { 'a.txt': 'one\n' })
  const latin = commit({
    message: Buffer.from('Voil\xe0 (#3)\n', 'latin1'),
    author: Buffer.from('Zo\xeb <zoe@example.com>', 'latin1'),
    files: { 'a.txt': 'two\n' },
  })
  const { head_sha } = await pick(latin)
  const raw = bytes('cat-file', 'commit', head_sha).toString('latin1')
  assert.match(raw, /^author Zo\xeb <zoe@example.com>/m)
  assert.match(raw, /^Cherry-pick PR #3: Voil\xe0$/m)
  const utf = commit({ message: 'Voilà (#4)', files: { 'b.txt': 'b\n' } })
  const picked = await pickCommits({
    mirror,
    onto,
    sources: [utf],
    committer: { ...committer, name: 'Bot <\n>' },
  })
  assert.equal(git('log', '-1', '--format=%s|%cn', picked.head_sha).trim(), 'Cherry-pick PR #4: Voilà|Bot')
})

test('a range is picked one by one, and goes on behind a conflict', async (t) => {
  const { commit, file, onto, pick } = cut(t, { 'a.txt': lines('one', 'two', 'three') })
  const first = commit({ message: 'first', files: { 'b.txt': 'b\n' } })
  commit({ message: 'left out', files: { 'a.txt': lines('one', 'zwei', 'three') } })
  const second = commit({ message: 'second', files: { 'a.txt': lines('one', 'deux', 'three') } })
  const third = commit({ message: 'third', files: { 'c.txt': 'c\n' } })
  const { picks, clean_sha, head_sha } = await pick(first, second, third)
  assert.deepEqual(
    picks.map(({ outcome }) => outcome),
    ['picked', 'conflicted', 'picked'],
  )
  assert.equal(clean_sha, picks[0]?.commit_sha)
  assert.notEqual(clean_sha, onto)
  assert.equal(file(head_sha, 'c.txt').toString(), 'c\n')
})

test('the first commit of all can be picked, since it comes from nothing', async (t) => {
  const { commit, file, pick } = cut(t, { 'a.txt': 'one\n' })
  const other = commit({
    branch: 'other',
    parent: null,
    message: 'begin elsewhere',
    files: { 'z.txt': 'z\n' },
  })
  const { head_sha } = await pick(other)
  assert.equal(file(head_sha, 'z.txt').toString(), 'z\n')
  assert.equal(file(head_sha, 'a.txt').toString(), 'one\n')
})
