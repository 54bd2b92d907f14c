import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { resolveCommit, resolveHead } from '#catalogue/code/resolve-commit.ts'
import { isBroken, saysBroken } from '#ground/git/mirror-places.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { codeRepository } from '../../code-repository.ts'
import { gitHost } from './git-host.ts'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-mirrors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a mirror is made when it is first asked for, and follows what is fetched', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const folder = place(t)
  const mirrors = openMirrors({ folder })
  t.assert.deepEqual(readdirSync(folder), [])
  const remote = { id: 'one', url: repository.url }
  const mirror = await mirrors.open(remote)
  t.assert.equal(await resolveCommit(mirror, first.slice(0, 7)), first)
  await mirror.git(['update-ref', 'refs/headgate/kept', first])

  repository.branch('topic')
  const second = repository.commit('Second', { 'a.txt': '2' })
  repository.git('update-ref', 'refs/pull/7/head', second)
  repository.git('checkout', '-q', 'main')
  t.assert.equal(await resolveCommit(await mirrors.open(remote), second), undefined)
  const fetched = await mirrors.fetch(remote)
  t.assert.equal(await resolveCommit(fetched, second), second)
  t.assert.deepEqual(await resolveHead(fetched, 'topic'), { sha: second, branch: 'topic' })

  repository.git('branch', '-D', 'topic')
  repository.git('branch', '-m', 'main', 'trunk')
  await mirrors.fetch(remote)
  t.assert.equal(await resolveHead(fetched, 'topic'), undefined)
  t.assert.deepEqual(await resolveHead(fetched, null), { sha: first, branch: 'trunk' })
  const { stdout } = await fetched.git(['for-each-ref', '--format=%(refname)'])
  t.assert.deepEqual(stdout.trim().split('\n'), [
    'refs/headgate/kept',
    'refs/heads/trunk',
    'refs/pull/7/head',
  ])
})

test('a repository without a commit has a mirror without one', async (t: TestContext) => {
  const repository = codeRepository(t)
  const mirror = await openMirrors({ folder: place(t) }).open({ id: 'one', url: repository.url })
  t.assert.equal(await resolveHead(mirror, null), undefined)
  t.assert.equal(await resolveCommit(mirror, 'abcdef0'), undefined)
})

test('a mirror that is lost, emptied or torn is made anew, with what only it had as far as that can be read', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': 'x'.repeat(10_000) })
  const folder = place(t)
  const made: string[] = []
  const mirrors = openMirrors({
    folder,
    made: async ({ folder: where }, id) => void made.push(`${id} ${dirname(where) === folder}`),
  })
  const remote = { id: 'one', url: repository.url }
  const there = join(folder, 'one.git')
  const show = async () =>
    (await (await mirrors.open(remote)).git(['cat-file', '-p', `${first}:a.txt`])).stdout.length

  t.assert.equal(await show(), 10_000)
  rmSync(there, { recursive: true })
  t.assert.equal(await show(), 10_000)
  writeFileSync(join(there, 'HEAD'), '')
  t.assert.equal(await show(), 10_000)
  const mirror = await mirrors.open(remote)
  rmSync(there, { recursive: true })
  t.assert.equal((await mirror.git(['cat-file', '-t', first])).stdout, 'commit\n')

  rmSync(folder, { recursive: true })
  t.assert.equal((await mirror.git(['cat-file', '-t', first])).stdout, 'commit\n')

  await mirror.git(['update-ref', 'refs/headgate/kept', first])
  await mirror.git(['repack', '-adq'])
  const packs = join(there, 'objects/pack')
  for (const name of readdirSync(packs).filter((one) => one.endsWith('.pack'))) {
    execFileSync('chmod', ['u+w', join(packs, name)])
    truncateSync(join(packs, name), 40)
  }
  t.assert.equal(await show(), 10_000)
  repository.commit('Second', { 'b.txt': '2' })
  for (const name of readdirSync(packs)) rmSync(join(packs, name), { force: true })
  const second = repository.head()
  t.assert.equal(await resolveCommit(await mirrors.fetch(remote), second), second)
  t.assert.equal(await show(), 10_000)
  // Whoever is told sees it before it is where others look.
  t.assert.ok(made.length >= 5 && made.every((one) => one === 'one false'), made.join())
  t.assert.deepEqual(readdirSync(join(folder, 'incoming')), [])
})

test('refs of ours go over to a mirror that is made anew', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  repository.commit('Second', { 'b.txt': '2' })
  const mirror = await openMirrors({ folder: place(t) }).open({ id: 'one', url: repository.url })
  const environment = {
    ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a' },
    ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a' },
  }
  const making = ['commit-tree', `${first}^{tree}`, '-p', first, '-m', 'Ours']
  const ours = (await mirror.git(making, { environment })).stdout.trim()
  await mirror.git(['update-ref', 'refs/headgate/candidates/x', ours])
  const blob = repository.git('rev-parse', 'HEAD:b.txt')
  const object = join(mirror.folder, 'objects', blob.slice(0, 2), blob.slice(2))
  rmSync(object)
  writeFileSync(object, 'torn')
  t.assert.equal((await mirror.git(['cat-file', '-p', 'HEAD:b.txt'])).stdout, '2')
  const kept = await mirror.git(['rev-parse', 'refs/headgate/candidates/x'])
  t.assert.equal(kept.stdout.trim(), ours)
})

test('a lock that a killed git left behind does not keep anybody from fetching', async (t: TestContext) => {
  const repository = codeRepository(t)
  repository.commit('First', { 'a.txt': '1' })
  const mirrors = openMirrors({ folder: place(t) })
  const remote = { id: 'one', url: repository.url }
  const { folder } = await mirrors.open(remote)
  writeFileSync(join(folder, 'packed-refs.lock'), '')
  writeFileSync(join(folder, 'refs/heads/main.lock'), '')
  const second = repository.commit('Second', { 'a.txt': '2' })
  const mirror = await mirrors.fetch(remote)
  t.assert.equal(await resolveCommit(mirror, second), second)
  writeFileSync(join(folder, 'refs/ours.lock'), '')
  t.assert.equal((await mirror.git(['update-ref', 'refs/ours', second])).code, 0)
})

test('those who fetch together fetch once, also across processes; who needs what was pushed meanwhile, once more', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const host = await gitHost(t, dirname(repository.folder))
  const folder = place(t)
  const [here, elsewhere] = [openMirrors({ folder }), openMirrors({ folder })]
  const remote = { id: 'one', url: host.urlOf(`${basename(repository.folder)}/.git`) }
  const packs = () => host.asked.filter(({ path }) => path.endsWith('git-upload-pack')).length
  const opened = await Promise.all([
    here.open(remote),
    here.open(remote),
    elsewhere.open(remote),
    elsewhere.fetch(remote),
  ])
  for (const mirror of opened) t.assert.equal(await resolveCommit(mirror, first), first)

  let asked = packs()
  await here.fetch(remote)
  const once = packs() - asked
  asked = packs()
  await Promise.all(Array.from({ length: 20 }, () => here.fetch(remote)))
  t.assert.equal(packs() - asked, once)

  const began = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  host.before = () => {
    host.before = undefined
    began.resolve()
    return goOn.promise
  }
  const slow = here.fetch(remote)
  await began.promise
  const second = repository.commit('Second', { 'a.txt': '2' })
  const joined = here.fetch(remote)
  const fresh = Array.from({ length: 10 }, () => here.fetch(remote, { fresh: true }))
  goOn.resolve()
  await Promise.all([slow, joined])
  for (const mirror of await Promise.all(fresh)) t.assert.equal(await resolveCommit(mirror, second), second)
  const fetches = packs() - asked - once
  // The second one brings something, and asks for that too.
  t.assert.ok(fetches <= 2 * once + 2, `${fetches} requests for two fetches, ${once} for one`)
})

test('what is odd is not broken, and a name that sounds like it is not either', async (t: TestContext) => {
  const repository = codeRepository(t)
  repository.commit('First', { 'a.txt': '1' })
  const line = 'A <a@example.com> 1300000000'
  const text = `tree ${repository.git('rev-parse', 'HEAD^{tree}')}\nauthor ${line} +051800\ncommitter ${line} +0000\n\nOld\n`
  const folder = place(t)
  const mirrors = openMirrors({ folder })
  const mirror = await mirrors.open({ id: 'one', url: repository.url })
  const odd = await mirror.git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
    input: text,
  })
  await mirror.git(['update-ref', 'refs/headgate/odd', odd.stdout.trim()])
  t.assert.equal((await mirror.git(['fsck', '--no-dangling'])).code, 1)
  t.assert.equal(await isBroken(mirror.folder), false)
  t.assert.equal(saysBroken("fatal: 'refs/heads/packfile' - not a valid ref"), false)
  rmSync(join(mirror.folder, 'objects', odd.stdout.slice(0, 2)), { recursive: true })
  t.assert.equal(await isBroken(mirror.folder), false, 'believed for a while')
})

test('what many fetches leave is put together', async (t: TestContext) => {
  const repository = codeRepository(t)
  const sha = repository.commit('First', { 'a.txt': '1' })
  const mirrors = openMirrors({ folder: place(t) })
  const remote = { id: 'one', url: repository.url }
  const { folder, git } = await mirrors.open(remote)
  const names = Array.from({ length: 501 }, (_, n) => `create refs/headgate/many/${n} ${sha}\n`)
  await git(['update-ref', '--stdin'], { input: names.join('') })
  const packs = () => readdirSync(join(folder, 'objects/pack')).filter((name) => name.endsWith('.pack'))
  for (let n = 0; n < 31; n += 1) {
    const written = await git(['hash-object', '-w', '--stdin'], { input: `object ${n}` })
    await git(['pack-objects', '-q', 'objects/pack/pack'], { input: written.stdout })
  }
  t.assert.equal(packs().length, 31)
  await mirrors.fetch(remote)
  t.assert.ok(packs().length < 5, `${packs().length} packs`)
  t.assert.equal(existsSync(join(folder, 'refs/headgate/many/0')), false)
  t.assert.equal((await git(['rev-parse', 'refs/headgate/many/0'])).stdout.trim(), sha)
  t.assert.equal((await git(['fsck', '--no-dangling'])).code, 0)
})

test('what a repository says is on no account done: no hook, no link, no submodule, no filter', async (t: TestContext) => {
  const repository = codeRepository(t)
  const folder = place(t)
  const trap = join(folder, 'sprung')
  symlinkSync('/etc/passwd', join(repository.folder, 'link'))
  writeFileSync(
    join(repository.folder, '.gitmodules'),
    `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% ${trap}\n`,
  )
  repository.commit('Traps', { '.gitattributes': '* filter=bad diff=bad\n', 'a.txt': '1' })
  repository.git('update-index', '--add', '--cacheinfo', `160000,${repository.head()},x`)
  repository.git('commit', '-qm', 'A submodule')
  for (const hook of ['pre-receive', 'post-update', 'reference-transaction', 'post-checkout'])
    writeFileSync(join(repository.folder, '.git/hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 })
  const mirrors = openMirrors({ folder: join(folder, 'mirrors') })
  const remote = { id: 'one', url: repository.url }
  const mirror = await mirrors.fetch(remote)
  writeFileSync(join(mirror.folder, 'x'), '')
  const hooks = join(mirror.folder, 'hooks')
  t.assert.ok(!existsSync(hooks))
  await mirrors.fetch(remote)
  await mirrors.push(remote, [`${repository.head()}:refs/heads/pushed`])
  t.assert.equal(repository.head('pushed'), repository.head())
  const { stdout } = await mirror.git(['log', '-p', '--format=%s', 'HEAD'])
  t.assert.match(stdout, /Subproject commit/)
  const linked = await mirror.git(['cat-file', '-p', 'HEAD:link'])
  t.assert.equal(linked.stdout, '/etc/passwd')
  t.assert.ok(!existsSync(trap))
})
