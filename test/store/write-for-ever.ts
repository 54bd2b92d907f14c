/** Writes rows until it is killed, and says each one only when it is committed. */
import { v7 } from 'uuid'
import { insertExternalIds } from '#store/external-id.ts'
import { openPlace } from '../fresh-store.ts'

const { TEST_DATA_DIR: dataDir = '', TEST_DATABASE_URL: databaseUrl } = process.env
const kind = process.argv[2] ?? ''
const { db } = await openPlace({ dataDir, databaseUrl: databaseUrl || undefined })
for (let n = 0; ; n++) {
  await db.transaction().execute(async (tx) => {
    await insertExternalIds(tx, [{ surface: 'test', kind, external: `a${n}`, internal: v7() }])
    await insertExternalIds(tx, [{ surface: 'test', kind, external: `b${n}`, internal: v7() }])
  })
  process.stdout.write(`a${n}\nb${n}\n`)
}
