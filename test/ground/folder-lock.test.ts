import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FolderHeldError, lockFolder } from '#ground/folder-lock.ts'

const since = new Date('2026-01-02T03:04:05.678Z')

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-lock-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A real process that holds the folder until it is ended. */
async function holderOf(folder: string) {
  const module = new URL('../../src/ground/folder-lock.ts', import.meta.url).href
  const script = `import { lockFolder } from ${JSON.stringify(module)}
    lockFolder(${JSON.stringify(folder)}, new Date('2026-05-06T07:08:09Z'))
    console.log('held')
    setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('a folder is held once, even by the same process, until it is let go', async (t: TestContext) => {
  const folder = await temporaryFolder(t)
  const lock = lockFolder(folder, since)
  t.assert.throws(() => lockFolder(folder, since), {
    name: 'FolderHeldError',
    pid: process.pid,
    message: `The folder ${folder} is in use by process ${process.pid}, since 2026-01-02T03:04:05.678Z (this very process). Stop that process first, or choose another folder.`,
  })
  lock.release()
  lock.release()
  lockFolder(folder, since).release()
})

test('a folder that is not there yet is made', async (t: TestContext) => {
  const folder = join(await temporaryFolder(t), 'a', 'b')
  lockFolder(folder, since).release()
  t.assert.deepStrictEqual(JSON.parse(await readFile(join(folder, 'holder.json'), 'utf8')), {
    pid: process.pid,
    since: since.toISOString(),
  })
})

test('another process is named, and kill -9 frees the folder', async (t: TestContext) => {
  const folder = await temporaryFolder(t)
  for (let round = 0; round < 3; round++) {
    const child = await holderOf(folder)
    t.assert.throws(
      () => lockFolder(folder, since),
      (error) => error instanceof FolderHeldError && error.pid === child.pid,
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockFolder(folder, since).release()
  }
})

test('what a dead process left behind does not hold anybody up', async (t: TestContext) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'holder.json'), JSON.stringify({ pid: 1, since: since.toISOString() }))
  await writeFile(join(folder, 'lock'), '')
  lockFolder(folder, since).release()
})

test('a holder that has not said who it is yet is a holder all the same', async (t: TestContext) => {
  const folder = await temporaryFolder(t)
  const lock = lockFolder(folder, since)
  await writeFile(join(folder, 'holder.json'), '{"pid"')
  t.assert.throws(() => lockFolder(folder, since), /in use by another process/)
  lock.release()
})
