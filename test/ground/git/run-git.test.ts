import { test, type TestContext } from 'node:test'
import { codeRepository } from '../../code-repository.ts'
import { readRemoteUrl } from '#ground/git/remote-url.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { GitError, runGit, streamGit } from '#ground/git/run-git.ts'

const endless = ['cat-file', '--batch-all-objects', '--batch-check', '--unordered']

test('git finds nothing of the machine, the user or us', async (t: TestContext) => {
  const kept = { ...process.env }
  t.after(() => Object.assign(process.env, kept))
  Object.assign(process.env, {
    GIT_DIR: '/nowhere',
    GIT_AUTHOR_NAME: 'Eve',
    HEADGATE_SECRET_KEY: 'top-secret',
  })
  const repository = codeRepository(t)
  repository.commit('First')
  delete process.env.GIT_DIR
  Object.assign(process.env, {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'alias.show-it',
    GIT_CONFIG_VALUE_0: '!env',
  })
  const { code, stdout } = await runGit(['show-it'], { folder: repository.folder })
  t.assert.notEqual(code, 0)
  t.assert.equal(stdout, '')
  const seen = await runGit(['-c', 'alias.show-it=!env', 'show-it'], { folder: repository.folder })
  t.assert.doesNotMatch(seen.stdout, /top-secret|Eve|GIT_CONFIG_COUNT/)
  t.assert.match(seen.stdout, /^HOME=\/dev\/null$/m)
})

test('a commit made to fill the memory ends git and not the machine; so do words that are too many', async (t: TestContext) => {
  const { folder } = codeRepository(t)
  const write = async (args: string[], input: string) => (await runGit(args, { folder, input })).stdout.trim()
  let entry = `100644 blob ${await write(['hash-object', '-w', '--stdin'], 'all')}`
  for (let depth = 0; depth < 7; depth += 1) {
    const lines = Array.from('0123456789', (name) => `${entry}\t${name}\n`)
    entry = `040000 tree ${await write(['mktree'], lines.join(''))}`
  }
  const empty = await write(['mktree'], '')
  const args = ['diff-tree', '-r', '--name-only', empty, entry.slice('040000 tree '.length)]
  const { code, stderr } = await runGit(args, { folder, mostMemoryBytes: 32 * 1024 * 1024 })
  t.assert.notEqual(code, 0)
  t.assert.match(stderr, /memory/)
  const long = Array.from({ length: 100 }, () => 'x'.repeat(100_000))
  await t.assert.rejects(runGit(['rev-parse', ...long], { folder }), { reason: 'not_started' })
})

test('a code is an answer; to be too long, to take too long and to be called off are not', async (t: TestContext) => {
  const { folder, commit } = codeRepository(t)
  commit('First', { 'a.txt': 'x'.repeat(100_000) })
  t.assert.equal((await runGit(['rev-parse', '--verify', '--quiet', 'nothing'], { folder })).code, 1)
  const reasonOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof GitError ? error.reason : String(error)),
    )
  t.assert.equal(
    await reasonOf(runGit(['cat-file', '-p', 'HEAD:a.txt'], { folder, mostBytes: 99_999 })),
    'too_long',
  )
  t.assert.equal(await reasonOf(runGit(['rev-parse'], { folder: '/nowhere' })), 'not_started')
  const { PATH } = process.env
  process.env.PATH = '/nowhere'
  const absent = reasonOf(runGit(['version']))
  t.assert.equal(await absent.finally(() => (process.env.PATH = PATH)), 'not_started')
  // It waits for more to read, which never comes.
  async function* slowly() {
    yield Buffer.from('HEAD\n')
    await new Promise(() => {})
  }
  const waiting = ['cat-file', '--batch-check']
  t.assert.equal(
    await reasonOf(runGit(waiting, { folder, input: slowly(), timeout_seconds: 0.05 })),
    'timed_out',
  )
  const stop = new AbortController()
  const stopped = reasonOf(runGit(waiting, { folder, input: slowly(), signal: stop.signal }))
  stop.abort()
  t.assert.match(await stopped, /aborted|AbortError/)
  t.assert.equal(await reasonOf(Array.fromAsync(streamGit(['log', 'nothing'], { folder }))), 'failed')
})

test('what nobody reads on is ended', async (t: TestContext) => {
  const { folder, commit } = codeRepository(t)
  commit('First', { 'a.txt': 'x'.repeat(5_000_000) })
  for await (const chunk of streamGit(['cat-file', '-p', 'HEAD:a.txt'], { folder })) {
    t.assert.ok(chunk.length > 0)
    break
  }
  const chunks = await Array.fromAsync(streamGit(endless, { folder }))
  t.assert.equal(Buffer.concat(chunks).toString().trim().split('\n').length, 3)
})

test('what runs programs, and what is no place, is never spoken to', async (t: TestContext) => {
  const mirrors = openMirrors({ folder: '/nowhere' })
  const wrong = [
    ...[
      'ext::sh -c touch% /tmp/x',
      'fd::17',
      'foo::bar',
      '--upload-pack=touch /tmp/x',
      '-x',
      'ftp://a/b',
      'a b:c',
    ],
    ...[
      'https://u:p@host/x',
      'ssh://-oProxyCommand=x/y',
      'ssh://a/-x',
      '-a:b',
      'user@-host:x',
      'host:-x',
      'file://other/x',
    ],
    ...['relative/path', '', 'http:///x', 'https://exa mple.com/x', 'https://a/b\nc', '\0', 'git@host:'],
    ...['ssh://%2DoProxy@host/x', 'http://host/%zz'],
  ]
  for (const url of wrong) {
    const read = readRemoteUrl(url)
    t.assert.ok('fault' in read, `${url} is taken as ${JSON.stringify(read)}`)
    await t.assert.rejects(() => mirrors.open({ id: 'one', url }), { name: 'ForbiddenRemoteError' })
    await t.assert.rejects(() => mirrors.push({ id: 'one', url }, []), { name: 'ForbiddenRemoteError' })
  }
  const right: [string, string][] = [
    ['https://git.example.com/a/b.git', 'https'],
    ['http://10.0.0.7:3000/a', 'http'],
    ['ssh://git@host:2222/a/b', 'ssh'],
    ['git@github.com:acme/shop.git', 'ssh'],
    ['host:path', 'ssh'],
    ['git://host/x', 'git'],
    ['file:///srv/x.git', 'file'],
    ['/srv/git/shop.git', 'file'],
  ]
  for (const [url, transport] of right) {
    const read = readRemoteUrl(url)
    t.assert.equal('fault' in read ? read.fault : read.transport, transport, url)
  }
})
