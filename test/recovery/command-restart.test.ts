import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { waitUntil } from '../engine/wait-until.ts'
import { testStore } from '../fresh-store.ts'
import { startPostgres } from '../postgres.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { call } from './client.ts'
import { end, environments, request, setUp } from './commands.ts'

const script = (folder: string) => `#!/bin/sh
touch "${folder}/begun"
while [ ! -f "${folder}/go-on" ]; do echo waiting; sleep 0.2; done
echo done
`

test(
  'a command goes on while PostgreSQL restarts, and has succeeded',
  { skip: testStore === 'postgres' ? false : 'the embedded store ends with its process' },
  async (t: TestContext) => {
    const cluster = await startPostgres()
    const dataDir = await mkdtemp(join(tmpdir(), 'headgate-recovery-'))
    let server: ServerProcess | undefined
    t.after(async () => {
      await server?.kill()
      await cluster.stop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    })
    server = await startServer({ dataDir, databaseUrl: cluster.url }, environments)
    const file = join(dataDir, 'deploy.sh')
    await writeFile(file, script(dataDir))
    await chmod(file, 0o755)
    await setUp(server.url, file)
    const id = await request(server.url, 'one', 'long')
    await waitUntil(() => existsSync(join(dataDir, 'begun')))
    await cluster.restart({ downMs: 1500 })
    await writeFile(join(dataDir, 'go-on'), '')
    const { state, failure_code } = await end(server.url, id)
    t.assert.deepEqual([state, failure_code], ['succeeded', null])
    const log = await call<{ items: { text: string }[] }>(
      server.url,
      'GET',
      `/headgate/v1/deployments/${id}/log?limit=1000`,
    )
    t.assert.equal(log.items.filter(({ text }) => text === 'done').length, 1)
  },
)
