import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openMirrors } from '#ground/git/mirrors.ts'
import { resolveCommit } from '#catalogue/code/resolve-commit.ts'
import { codeRepository } from '../../code-repository.ts'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-mirrors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('A mirror is made when it is first asked for, and fetched when that is asked for', async (t: TestContext) => {
  const repository = codeRepository(t)
  const first = repository.commit('First', { 'a.txt': '1' })
  const mirrors = openMirrors({ folder: place(t) })
  const remote = { id: 'one', url: repository.url }
  const mirror = await mirrors.open(remote)
  t.assert.equal(await resolveCommit(mirror, first.slice(0, 7)), first)
  const second = repository.commit('Second', { 'a.txt': '2' })
  t.assert.equal(await resolveCommit(await mirrors.open(remote), second), undefined)
  t.assert.equal(await resolveCommit(await mirrors.fetch(remote), second), second)
})
