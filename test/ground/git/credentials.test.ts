import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { resolveCommit } from '#catalogue/code/resolve-commit.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { codeRepository } from '../../code-repository.ts'
import { gitHost } from './git-host.ts'

const token = 'ghs_S3cretOfTheRepository'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-mirrors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What every process of this machine was started with. */
function arguments_(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => readOr(`/proc/${pid}/cmdline`)).join('\n')
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** All that lies in a folder. */
function everythingIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files.map(({ parentPath, name }) => `${name}\n${readOr(join(parentPath, name))}`).join('\n')
}

test('a token opens a repository, and is seen nowhere else', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const host = await gitHost(t, dirname(repository.folder), `x-access-token:${token}`)
  const folder = place(t)
  const mirrors = openMirrors({ folder })
  const remote = { id: 'one', url: host.urlOf(`${basename(repository.folder)}/.git`), secret: token }
  const said: string[] = []
  host.before = () => void said.push(arguments_())
  const mirror = await mirrors.open(remote)
  t.assert.equal(await resolveCommit(mirror, first), first)
  t.assert.ok(said.some((all) => all.includes('git')) && !said.join('').includes(token))
  t.assert.ok(!said.join('').includes(Buffer.from(`x-access-token:${token}`).toString('base64')))
  t.assert.ok(!everythingIn(folder).includes(token))

  const wrong = await mirrors.fetch({ ...remote, secret: 'ghs_AnotherSecret' }).then(String, String)
  t.assert.match(wrong, /refused the credential/)
  t.assert.doesNotMatch(wrong, /ghs_|eC1hY2Nlc3M/)
  const none = await mirrors.fetch({ id: 'one', url: remote.url }).then(String, String)
  t.assert.match(none, /refused the credential/)
  // A change takes effect at the next fetch, and what was there is still there.
  const second = repository.commit('Second', { 'a.txt': '2' })
  t.assert.equal(await resolveCommit(await mirrors.fetch(remote), second), second)
})

test('a token is for the host of the repository, and for nobody it sends us to', async (t: TestContext) => {
  const repository = codeRepository(t)
  repository.commit('First', { 'a.txt': '1' })
  const other = await gitHost(t, dirname(repository.folder))
  const host = await gitHost(t, dirname(repository.folder), `deploy:${token}`)
  const name = `${basename(repository.folder)}/.git`
  const mirrors = openMirrors({ folder: place(t) })
  const url = host.urlOf(name).replace('http://', 'http://deploy@')
  await mirrors.open({ id: 'one', url, secret: token })
  await mirrors.open({ id: 'two', url: host.urlOf(name), secret: `deploy:${token}` })
  await mirrors.open({ id: 'three', url: other.urlOf(name) })
  const { origin } = new URL(other.urlOf(''))
  host.redirect = origin
  const moved = await mirrors.fetch({ id: 'one', url, secret: token }).then(String, String)
  t.assert.match(moved, /has moved/)
  t.assert.deepEqual(new Set(other.asked.map(({ authorization }) => authorization)), new Set([undefined]))
})

const script = `#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> "$SAID/arguments"; done
key=
for word in "$@"; do [ "$before" = -i ] && key=$word; before=$word; last=$word; done
if [ -n "$key" ]; then stat -c %a "$key" > "$SAID/mode"; stat -c %a "$(dirname "$key")" >> "$SAID/mode"; cat "$key" > "$SAID/key"; fi
exec sh -c "$last"
`

test('a private key is a file that nobody else may read, for as long as it is needed', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const programs = place(t)
  const folder = join(place(t), "with 'quotes' and spaces")
  writeFileSync(join(programs, 'ssh'), script.replaceAll('$SAID', programs), { mode: 0o755 })
  const { PATH = '' } = process.env
  process.env.PATH = `${programs}:${PATH}`
  t.after(() => (process.env.PATH = PATH))
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----'
  const mirrors = openMirrors({ folder })
  const mirror = await mirrors.open({ id: 'one', url: `git@localhost:${repository.folder}`, secret: key })
  t.assert.equal(await resolveCommit(mirror, first), first)
  const said = readOr(join(programs, 'arguments')).split('\n')
  for (const word of [
    '-F',
    '/dev/null',
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'git@localhost',
  ])
    t.assert.ok(said.includes(word), word)
  t.assert.ok(
    said.includes(`UserKnownHostsFile="${join(folder, 'known_hosts')}"`) ||
      said.includes(`UserKnownHostsFile=${join(folder, 'known_hosts')}`),
  )
  t.assert.ok(!said.join('\n').includes('b3Blb'))
  t.assert.equal(readOr(join(programs, 'mode')), '600\n700\n')
  t.assert.equal(readOr(join(programs, 'key')), `${key}\n`)
  t.assert.ok(!everythingIn(folder).includes('b3Blb'))
})
