import fs from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { openEmbedded } from '#store/open-embedded.ts'
import { testStore } from '../fresh-store.ts'

const embedded = { skip: testStore !== 'embedded' && 'about the embedded store' }

/** Opens a store that syncs, and counts how often it asks the disk to. */
async function openCounting(t: TestContext, dataDir: string) {
  const syncs = t.mock.method(fs, 'fdatasyncSync')
  const store = await openEmbedded({ dataDir, holdFolder: () => ({ release() {} }), syncToDisk: true })
  const insert = (external: string) =>
    sql`insert into thing values (${external})`.execute(store.db).then(() => undefined)
  return { store, insert, syncs }
}

test(
  'a commit is on the disk when it is acknowledged, from the first start on',
  embedded,
  async (t: TestContext) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'headgate-durable-'))
    t.after(() => rm(dataDir, { recursive: true, force: true }))
    for (const round of ['first', 'again']) {
      const { store, insert, syncs } = await openCounting(t, dataDir)
      try {
        t.assert.deepStrictEqual((await sql`show fsync`.execute(store.db)).rows, [{ fsync: 'on' }])
        await sql`create table if not exists thing (name text)`.execute(store.db)
        for (let n = 0; n < 5; n++) {
          const before = syncs.mock.callCount()
          await insert(`${round} ${n}`)
          t.assert.strictEqual(syncs.mock.callCount(), before + 1)
        }
        const before = syncs.mock.callCount()
        await sql`select * from thing`.execute(store.db)
        t.assert.strictEqual(syncs.mock.callCount(), before, 'reading syncs nothing')
        await sql`checkpoint`.execute(store.db)
        t.assert.ok(syncs.mock.callCount() > before, 'what a checkpoint wrote is synced')
      } finally {
        await store.close()
      }
    }
  },
)
