import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

test('the packed server starts without a type left in it', async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-package-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const name of ['bin', 'src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(root, name), join(folder, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await run('npm', ['run', 'build'], { cwd: folder })
  await rm(join(folder, 'src'), { recursive: true })

  const help = await run(process.execPath, ['bin/headgate.js', '--help'], { cwd: folder })
  t.assert.match(help.stdout, /serve/)
})

test('the bin of a checkout runs its sources, under an older Node too', async (t: TestContext) => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const olderNodes = ['/usr/bin/node', '/usr/local/bin/node']
  for (const node of [process.execPath, ...olderNodes]) {
    const answer = await run(node, ['bin/headgate.js', '--version'], { cwd: root }).catch(
      (error: Error) => error,
    )
    if (answer instanceof Error && 'code' in answer && answer.code === 'ENOENT') continue
    t.assert.ok(!(answer instanceof Error), answer instanceof Error ? answer.message : '')
    t.assert.equal(answer.stdout.trim(), version)
  }
})
