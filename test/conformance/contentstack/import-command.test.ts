import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openHouse } from '../../open-house.ts'
import { exportFiles, readFolder, writeFolder } from './export-folder.ts'

const main = join(import.meta.dirname, '../../../src/main.ts')

/** The command as a person runs it. */
function headgate(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  })
}

test('headgate import and export move a folder in and out, and say what they did', async (t: TestContext) => {
  const { url, credentials, client } = await openHouse(t)
  await client.createProject({ key: 'site', kind: 'content' })
  const env = { HEADGATE_URL: url, HEADGATE_TOKEN: credentials.token }
  const folder = await writeFolder(t, exportFiles())
  const run = (...more: string[]) =>
    headgate(['import', 'contentstack', folder, '--project', 'site', ...more], env)

  const dry = await run('--dry-run')
  t.assert.match(dry.out, /entries, a locale each: 4 created\n/)
  t.assert.match(dry.out, /This was a dry run: nothing was changed\.\n$/)
  const kept = await run('--no-publish')
  t.assert.deepEqual(kept, {
    code: 0,
    err: '',
    out: [
      'environments: 2 created',
      'locales: 2 created, 1 updated',
      'content types: 2 created',
      'folders: 2 created',
      'assets: 1 created',
      'entries, a locale each: 4 created',
      'skipped: webhooks/webhooks.json: It is not read: there is nothing here that it could become.',
      '',
    ].join('\n'),
  })
  const published = await run()
  t.assert.equal(published.code, 2, 'something that was live is not here')
  t.assert.match(published.out, /publications: 8 requested, 1 skipped\n/)
  t.assert.match(published.out, /production: deployment dep_[0-9a-f]{32} of 6 items: succeeded\n/)
  const again = await run('--no-publish')
  t.assert.match(again.out, /Nothing has changed\.\n/)

  const parent = await mkdtemp(join(tmpdir(), 'headgate-export-'))
  t.after(() => rm(parent, { recursive: true }))
  const target = join(parent, 'out')
  const out = await headgate(['export', 'contentstack', target, '--project', 'site'], env)
  t.assert.match(out.out, /^\d+ files in /)
  const files = await readFolder(target)
  t.assert.deepEqual(files['export-info.json'], { contentVersion: 2 })
  t.assert.equal(files['assets/files/bltassetlogo0000001/logo one.svg'], '<svg></svg>')
  const twice = await headgate(['export', 'contentstack', target, '--project', 'site'], env)
  t.assert.deepEqual([twice.code, twice.err], [1, `${target} is there already.\n`])

  const nowhere = await headgate(['import', 'contentstack', folder, '--project', 'nowhere'], env)
  t.assert.deepEqual(nowhere, { code: 1, out: '', err: 'There is no project nowhere.\n' })
  const missing = await headgate(['import', 'contentstack', join(folder, 'not'), '--project', 'site'], env)
  t.assert.match(missing.err, /is no folder/)
  const unknown = await headgate(['import', 'wordpress', folder, '--project', 'site'], env)
  t.assert.equal(unknown.err, "There is no format 'wordpress' here; there is: contentstack.\n")
})
