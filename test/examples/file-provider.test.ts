import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startFileProvider } from '../../examples/file-provider/start-file-provider.ts'
import { terraformOrSkip } from '../infra-house.ts'

interface Bench {
  /** The folder of the real files. */
  real: string
  /** Exit code and all that was said. */
  terraform(...args: string[]): Promise<{ code: number; said: string }>
  write(resources: object): void
}

async function openBench(t: TestContext): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'file-provider-'))
  const real = join(folder, 'real')
  mkdirSync(real)
  const provider = await startFileProvider({ folder: real })
  t.after(() => {
    provider.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { PATH } = process.env
  const settings = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null' }
  const env = { PATH, ...settings, TF_REATTACH_PROVIDERS: provider.reattach }
  return {
    real,
    terraform: (command, ...args) =>
      new Promise((done) => {
        execFile('terraform', [command!, '-no-color', ...args], { cwd: folder, env }, (error, out, err) =>
          done({ code: Number(error?.code ?? 0), said: (out + err).replaceAll(/[\s│]+/g, ' ') }),
        )
      }),
    write(file_text) {
      const required_providers = { file: { source: 'headgate.local/example/file' } }
      writeFileSync(
        join(folder, 'main.tf.json'),
        JSON.stringify({ terraform: { required_providers }, resource: { file_text } }),
      )
    },
  }
}

test('a file is created, read, updated, moved and removed, and its drift is seen', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { real, terraform, write } = await openBench(t)
  const text = (path: string) => readFileSync(join(real, path), 'utf8')
  write({ a: { path: 'in/a.txt', content: 'A', mode: '0640' }, s: { path: 's.txt', content_secret: 'hush' } })
  assert.equal((await terraform('init')).code, 0)
  const made = await terraform('apply', '-auto-approve')
  assert.match(made.said, /2 added, 0 changed, 0 destroyed/)
  assert.doesNotMatch(made.said, /hush/)
  assert.deepEqual([text('in/a.txt'), text('s.txt')], ['A', 'hush'])
  assert.equal((await stat(join(real, 'in/a.txt'))).mode & 0o777, 0o640)
  assert.equal((await terraform('plan', '-detailed-exitcode')).code, 0)

  writeFileSync(join(real, 'in/a.txt'), 'tampered')
  rmSync(join(real, 's.txt'))
  assert.equal((await terraform('plan', '-refresh=false', '-detailed-exitcode')).code, 0)
  const drift = await terraform('plan', '-refresh-only', '-detailed-exitcode')
  assert.equal(drift.code, 2)
  assert.match(drift.said, /file_text\.a has changed.*file_text\.s has been deleted/)

  write({ a: { path: 'moved.txt', content: 'A', mode: '0640' } })
  assert.match((await terraform('apply', '-auto-approve')).said, /1 added, 0 changed, 1 destroyed/)
  assert.equal(text('moved.txt'), 'A')
  assert.throws(() => text('in/a.txt'), { code: 'ENOENT' })
})

test('what the file system refuses, and what lies outside the folder, is an error', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { real, terraform, write } = await openBench(t)
  mkdirSync(join(real, 'taken'))
  symlinkSync('/', join(real, 'out'))
  write({ a: { path: 'taken', content: 'A' }, b: { path: 'b.txt', content: 'B' } })
  await terraform('init')
  const applied = await terraform('apply', '-auto-approve')
  assert.equal(applied.code, 1)
  assert.match(applied.said, /EISDIR/)
  assert.equal(readFileSync(join(real, 'b.txt'), 'utf8'), 'B')

  for (const path of ['../x', '/etc/x', 'out/x', '', '.']) {
    write({ a: { path, content: 'A' } })
    const { code, said } = await terraform('validate')
    assert.equal(code, 1, path)
    assert.match(said, /does not lie inside/)
  }
  write({ a: { path: 'x', content: 'A', content_secret: 'B' }, b: { path: 'y' } })
  assert.match((await terraform('validate')).said, /Either content or content_secret.*Either content or/)
})
