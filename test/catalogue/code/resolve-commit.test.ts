import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { changedBetween } from '#catalogue/code/changed-between.ts'
import { listCommits } from '#catalogue/code/list-commits.ts'
import { readCommits } from '#catalogue/code/read-commits.ts'
import { isAncestor, isCommitText, resolveCommit, resolveHead } from '#catalogue/code/resolve-commit.ts'
import { openMirrors, type Mirror } from '#ground/git/mirrors.ts'
import { codeRepository, type CodeRepository } from '../../code-repository.ts'

function mirrorOf(t: TestContext, repository: CodeRepository): Promise<Mirror> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-mirrors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return openMirrors({ folder }).open({ id: 'one', url: repository.url })
}

test('a commit is known by the beginning of its id, whatever else is named so', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const second = repository.commit('Second', { 'a.txt': '2' })
  // A branch and a tag that look like the beginning of another commit's id.
  repository.git('branch', first.slice(0, 8), second)
  repository.git('tag', first.slice(0, 9), second)
  repository.git('tag', '-a', '-m', 'Annotated', 'v1', second)
  const mirror = await mirrorOf(t, repository)
  for (const length of [7, 8, 9, 12, 40])
    t.assert.equal(await resolveCommit(mirror, first.slice(0, length)), first)
  t.assert.equal(await resolveCommit(mirror, second.toUpperCase()), second)
  const others = ['v1', 'v1^{commit}', 'HEAD:a.txt', `${second}:a.txt`, `${second}^{tree}`]
  for (const other of others) {
    const object = repository.git('rev-parse', other)
    t.assert.equal(await resolveCommit(mirror, object), object === second ? second : undefined, other)
  }
})

test('what is no id is never shown to git', async (t: TestContext) => {
  const calls: string[][] = []
  const git = async (args: readonly string[]) => {
    calls.push([...args])
    throw new Error('git was asked')
  }
  const mirror = { folder: '/', git } as unknown as Mirror
  const wrong = [
    '',
    'HEAD',
    'main',
    'abcdef',
    'a'.repeat(41),
    '--upload-pack=x',
    '-n',
    'abcdef1\n',
    'abcdef1^',
    'abcdefg',
    '\0',
  ]
  for (const text of wrong) {
    t.assert.equal(isCommitText(text), false, JSON.stringify(text))
    t.assert.equal(await resolveCommit(mirror, text), undefined)
  }
  t.assert.deepEqual(calls, [])
})

test('a beginning that several commits share stands for none of them', async (t: TestContext) => {
  const mirror = {
    folder: '/',
    git: async ([verb, what]: readonly string[]) => {
      if (verb === 'cat-file')
        return { code: 0, stdout: `${'a'.repeat(40)} commit\n${'aaaaaaa'.padEnd(40, 'b')} commit\n` }
      return { code: what === '--verify' ? 1 : 0, stdout: what === '--verify' ? '' : 'x\ny\n' }
    },
  } as unknown as Mirror
  t.assert.equal(await resolveCommit(mirror, 'aaaaaaa'), undefined)
})

test('heads, ancestors, and what changed between commits', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'services/shop/a.txt': '1' })
  repository.branch('topic')
  const topic = repository.commit('Topic', { 'docs/a.md': '1' })
  repository.branch('main')
  const second = repository.commit('Second', { 'services/shop/a.txt': '2' })
  const mirror = await mirrorOf(t, repository)
  t.assert.deepEqual(await resolveHead(mirror, null), { sha: second, branch: 'main' })
  t.assert.deepEqual(await resolveHead(mirror, 'topic'), { sha: topic, branch: 'topic' })
  for (const name of ['nothing', 'top', 'topic/', 'heads/topic', '*'])
    t.assert.equal(await resolveHead(mirror, name), undefined, name)
  const pairs: [string, string, boolean][] = [
    [first, second, true],
    [second, first, false],
    [topic, second, false],
    [first, first, true],
  ]
  for (const [a, b, wanted] of pairs) t.assert.equal(await isAncestor(mirror, a, b), wanted)
  await t.assert.rejects(isAncestor(mirror, first, 'f'.repeat(40)), { name: 'GitError' })
  const shop = ['services/shop/**']
  t.assert.equal(await changedBetween(mirror, first, topic, shop), false)
  t.assert.equal(await changedBetween(mirror, first, topic, []), true)
  t.assert.equal(await changedBetween(mirror, first, second, shop), true)
  t.assert.equal(await changedBetween(mirror, topic, first, []), false)
  t.assert.equal(await changedBetween(mirror, null, topic, shop), true)
})

test('commits are read as text that anybody can keep, whatever their authors wrote', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First\n\nWith a body,\nof two lines.\n', { 'a.txt': '1' })
  const bytes = Buffer.from(
    'tree TREE\nauthor J\xf6rg \xff <j@x> 99999999999999 +0000\ncommitter J\xf6rg <j@x> 0 +0000\n\nTitle \xe9\x80',
    'latin1',
  )
  const tree = repository.git('rev-parse', 'HEAD^{tree}')
  const mirror = await mirrorOf(t, repository)
  const input = Buffer.concat([Buffer.from(bytes.toString('latin1').replace('TREE', tree), 'latin1')])
  const { stdout } = await mirror.git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
    input,
  })
  const odd = stdout.trim()
  const [one, two, ...none] = await readCommits(mirror, [first, odd, 'f'.repeat(40)])
  t.assert.deepEqual(none, [])
  t.assert.deepEqual(
    [one?.sha, one?.subject, one?.body, one?.author, one?.parents],
    [first, 'First', 'With a body,\nof two lines.', { name: 'Ada', email: 'ada@example.com' }, []],
  )
  t.assert.equal(two?.sha, odd)
  t.assert.ok(
    two?.author.name.isWellFormed() && two.subject.isWellFormed() && two.author.name.startsWith('J'),
  )
  t.assert.ok(two && Number.isFinite(two.authored_at.getTime()) && two.authored_at.getUTCFullYear() <= 9999)
})

test('a history is paged without holding it', async (t: TestContext) => {
  const repository = codeRepository(t)
  for (let n = 1; n <= 7; n += 1)
    repository.commit(`Commit ${n}`, { [n % 2 ? 'odd.txt' : 'even.txt']: `${n}` })
  const mirror = await mirrorOf(t, repository)
  const from = repository.head()
  const seen: string[] = []
  let skip: number | undefined = 0
  while (skip !== undefined) {
    const page = await listCommits(mirror, { from, skip, paths: ['odd.txt'], limit: 3 })
    seen.push(...page.commits.map(({ subject }) => subject))
    skip = page.read
  }
  t.assert.deepEqual(seen, ['Commit 7', 'Commit 5', 'Commit 3', 'Commit 1'])
  const found = await listCommits(mirror, { from, skip: 0, paths: [], q: 'COMMIT 3', limit: 3 })
  t.assert.deepEqual([found.commits.map(({ subject }) => subject), found.read], [['Commit 3'], undefined])
  const authors = await listCommits(mirror, { from, skip: 2, paths: [], q: 'ada@', limit: 2 })
  t.assert.deepEqual(
    [authors.commits.map(({ subject }) => subject), authors.read],
    [['Commit 5', 'Commit 4'], 4],
  )
})
