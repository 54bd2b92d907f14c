import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { FolderHeldError } from '#ground/folder-lock.ts'
import { freshPlace, freshStore, openPlace, testStore, type FreshPlace } from '../fresh-store.ts'

const embedded = { skip: testStore !== 'embedded' && 'about the embedded store' }
const onPostgres = { skip: testStore !== 'postgres' && 'about PostgreSQL' }

test('a folder that is open cannot be opened again, until it is closed', embedded, async (t: TestContext) => {
  const place = await freshPlace()
  t.after(place.remove)
  const store = await openPlace(place)
  await t.assert.rejects(openPlace(place), FolderHeldError)
  await store.close()
  await store.close()
  const again = await openPlace(place)
  await again.close()
})

test('a folder that could not be opened is let go', embedded, async (t: TestContext) => {
  const place = await freshPlace()
  t.after(place.remove)
  let released = 0
  const syncToDisk = true
  const { openEmbedded } = await import('#store/open-embedded.ts')
  const holdFolder = () => ({ release: () => void (released += 1) })
  // Where the folder should be there is a file.
  await t.assert.rejects(
    openEmbedded({ dataDir: join(import.meta.dirname, 'rows.test.ts'), holdFolder, syncToDisk }),
  )
  t.assert.strictEqual(released, 0)
  const { writeFile, rm } = await import('node:fs/promises')
  await rm(join(place.dataDir, 'store'), { recursive: true })
  await writeFile(join(place.dataDir, 'store'), 'no folder')
  await t.assert.rejects(openEmbedded({ dataDir: place.dataDir, holdFolder, syncToDisk }))
  t.assert.strictEqual(released, 1)
})

/** A real process that writes rows and is killed in the midst of it. Answers which it said were committed. */
async function writeUntilKilled(
  t: TestContext,
  place: FreshPlace,
  kind: string,
  afterMs: number,
): Promise<string[]> {
  const writer = import.meta.resolve('./write-for-ever.ts')
  const child = spawn(process.execPath, [fileURLToPath(writer), kind], {
    env: { ...process.env, TEST_DATA_DIR: place.dataDir, TEST_DATABASE_URL: place.databaseUrl ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => said.push(line))
  await once(lines, 'line')
  if (testStore === 'embedded') {
    const heldByChild = (error: unknown) => error instanceof FolderHeldError && error.pid === child.pid
    await t.assert.rejects(openPlace(place), heldByChild)
  }
  await sleep(afterMs)
  child.kill('SIGKILL')
  await once(lines, 'close')
  return said
}

test(
  'what was acknowledged outlives kill -9, and the folder is free at once',
  { timeout: 60_000 },
  async (t: TestContext) => {
    const place = await freshPlace()
    t.after(place.remove)
    for (let round = 0; round < 3; round++) {
      const acknowledged = await writeUntilKilled(t, place, `round ${round}`, 150 + round * 130)
      const store = await openPlace(place)
      try {
        const rows = await store.db
          .selectFrom('external_id')
          .select('external')
          .where('kind', '=', `round ${round}`)
          .execute()
        const kept = new Set(rows.map(({ external }) => external))
        t.assert.ok(acknowledged.length > 0, 'the child wrote something')
        t.assert.deepStrictEqual(
          acknowledged.filter((external) => !kept.has(external)),
          [],
        )
      } finally {
        await store.close()
      }
    }
  },
)

test('notifications are heard once committed, and not after leaving', async (t: TestContext) => {
  const { store, db } = await freshStore(t)
  const heard: (string | null)[] = []
  const leave = await store.listen('principals', (payload) => heard.push(payload))
  const notify = (payload: string) => sql`select pg_notify('principals', ${payload})`.execute(db)
  await notify('one')
  await t.assert.rejects(
    db.transaction().execute(async (tx) => {
      await sql`select pg_notify('principals', 'never')`.execute(tx)
      throw new Error('no')
    }),
  )
  await notify('two')
  await until(() => heard.length === 2)
  await leave()
  await notify('three')
  await sleep(50)
  t.assert.deepStrictEqual(heard, ['one', 'two'])
})

test('lost connections are made again, and listeners told of the gap', onPostgres, async (t: TestContext) => {
  const place = await freshPlace()
  const lost: Error[] = []
  const { openPostgres } = await import('#store/open-postgres.ts')
  const store = await openPostgres({
    databaseUrl: place.databaseUrl as string,
    poolSize: 3,
    onError: (error) => lost.push(error),
  })
  t.after(async () => {
    await store.close()
    await place.remove()
  })
  const heard: (string | null)[] = []
  await store.listen('principals', (payload) => heard.push(payload))
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(store.db)
  await until(() => heard.includes(null))
  await sql`select pg_notify('principals', 'after')`.execute(store.db)
  await until(() => heard.includes('after'))
  t.assert.ok(lost.length > 0)
})

test('a server that is not there is said to be so', onPostgres, async (t: TestContext) => {
  const opening = openPlace({ dataDir: '/nowhere', databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })
  await t.assert.rejects(opening, /ECONNREFUSED/)
})

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !holds(); n++) await sleep(10)
}
