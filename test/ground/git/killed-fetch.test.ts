import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { resolveCommit } from '#catalogue/code/resolve-commit.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { codeRepository } from '../../code-repository.ts'
import { gitHost } from './git-host.ts'

const script = `
import { openMirrors } from '#ground/git/mirrors.ts'
const [folder, url] = process.argv.slice(-2)
await openMirrors({ folder }).fetch({ id: 'one', url })
`

/** Those that work in this folder. */
function gitsIn(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => {
    try {
      return (
        /^[^\0]*git/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) && placeOf(pid).startsWith(folder)
      )
    } catch {
      return false
    }
  })
}

function placeOf(pid: string): string {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').match(/GIT_CONFIG_GLOBAL=([^\0]*)/)?.[1] ?? ''
}

test('a process that is killed while it fetches leaves no lock, nothing half, and no git behind', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const host = await gitHost(t, dirname(repository.folder))
  const folder = mkdtempSync(join(tmpdir(), 'headgate-mirrors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const url = host.urlOf(`${basename(repository.folder)}/.git`)
  const asked = Promise.withResolvers<void>()
  host.before = () => {
    asked.resolve()
    return new Promise(() => {})
  }
  const args = ['--input-type=module-typescript', '-e', script, folder, url]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  await asked.promise
  t.assert.ok(readdirSync(join(folder, 'incoming')).length === 1 && gitsIn(folder).length > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  host.before = undefined
  const mirror = await openMirrors({ folder }).open({ id: 'one', url })
  t.assert.equal(await resolveCommit(mirror, first), first)
  t.assert.deepEqual(readdirSync(join(folder, 'incoming')), [])
  while (gitsIn(folder).length > 0) await sleep(10)
})
