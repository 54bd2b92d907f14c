import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { call } from '../recovery/client.ts'
import { freshPlace } from '../fresh-store.ts'
import { startServer, token } from '../server-process.ts'
import { makeRelease } from './one-release.ts'

const bin = fileURLToPath(new URL('../../bin/headgate.js', import.meta.url))
const HEADGATE_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

async function headgate(args: readonly string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env.PATH, HEADGATE_LOG_LEVEL: 'warn', HEADGATE_SECRET_KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

test('headgate backup and headgate restore carry an installation over, and harm no other', async (t: TestContext) => {
  const [from, to] = [await freshPlace(), await freshPlace()]
  const folder = await mkdtemp(join(tmpdir(), 'headgate-backup-'))
  const server = await startServer(from)
  t.after(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
    await from.remove()
    await to.remove()
  })
  const placeOf = (place: typeof from) => ({
    HEADGATE_DATA_DIR: place.dataDir,
    DATABASE_URL: place.databaseUrl,
  })
  const release = await makeRelease(server.url, 'carried over')
  const [file, squeezed] = [join(folder, 'all.tar'), join(folder, 'all.tar.gz')]
  const serving = { HEADGATE_URL: server.url, HEADGATE_TOKEN: token }
  for (const output of [file, squeezed]) {
    const { code, said } = await headgate(['backup', '-o', output], serving)
    t.assert.equal(code, 0, said)
    t.assert.match(said, /keep HEADGATE_SECRET_KEY elsewhere/)
  }
  t.assert.ok((await stat(squeezed)).size < (await stat(file)).size / 2)
  t.assert.equal((await stat(file)).mode & 0o077, 0, 'only its owner reads it')
  const refused = await headgate(['backup', '-o', join(folder, 'none.tar')], {
    ...serving,
    HEADGATE_TOKEN: 'wrong',
  })
  t.assert.equal(refused.code, 1)
  t.assert.deepEqual(await readdir(folder), ['all.tar', 'all.tar.gz'], 'nothing half made is left')

  const live = await headgate(['restore', file], placeOf(from))
  t.assert.equal(live.code, 1)
  t.assert.match(live.said, /in use by process|The store is not empty/)
  const restored = await headgate(['restore', squeezed], placeOf(to))
  t.assert.equal(restored.code, 0, restored.said)
  t.assert.match(restored.said, /Restored \d+ rows and 0 blobs/)
  await server.stop()
  const heir = await startServer(to)
  try {
    const found = await call<{ name: string }>(heir.url, 'GET', `/headgate/v1/releases/${release}`)
    t.assert.equal(found.name, 'carried over')
    const verdict = await call<{ whole: boolean }>(heir.url, 'GET', '/headgate/v1/audit/verify')
    t.assert.equal(verdict.whole, true)
  } finally {
    await heir.kill()
  }
})
