import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { batchSize, sealEvents, startOver } from '#events/seal-events.ts'
import { verifyChain } from '#events/verify-chain.ts'
import type { Db } from '#store/database.ts'
import { listSealedEvents } from '#store/event-seal.ts'
import { freshStore } from '../fresh-store.ts'
import { eventOf, writeEvents } from './write-events.ts'

const sealedIds = async (db: Db) =>
  (await listSealedEvents(db, { after: 0, limit: 100_000 })).map(({ id }) => id)

async function sealAll(db: Db, expected: number, progress = startOver(), most = batchSize): Promise<void> {
  for (let n = 0; n < 1000 && (await sealedIds(db)).length < expected; n++)
    if ((await sealEvents(db, most, progress)) === 0) await sleep(10)
}

/** What a dump of a cluster that counted further looks like in this one. */
async function restore(db: Db, ahead = 100_000_000): Promise<void> {
  for (const table of ['event', 'event_seal'])
    await sql`update ${sql.table(table)} set xact = (xact::text::bigint + ${ahead})::text::xid8`.execute(db)
}

test('a restored chain goes on: first with what the dump had unsealed', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const old = await writeEvents(db, 5)
  await sealAll(db, 5)
  const unsealed = await writeEvents(db, 5, 5)
  await restore(db)
  const fresh = await writeEvents(db, 4, 10)
  t.assert.partialDeepStrictEqual(await verifyChain(db), {
    whole: true,
    length: 5,
    unsealed: 9,
    unsealed_since: eventOf(5).at.toISOString(),
  })
  const progress = startOver()
  await sealAll(db, 14, progress, 2)
  const later = await writeEvents(db, 3, 14)
  await sealAll(db, 17, progress, 2)
  t.assert.deepStrictEqual(await sealedIds(db), [...old, ...unsealed, ...fresh, ...later])
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 17, unsealed: 0 })
})

test('the chain goes on while the counter passes restored numbers', async (t: TestContext) => {
  const { db } = await freshStore(t)
  await writeEvents(db, 5)
  await sealAll(db, 5)
  await writeEvents(db, 5, 5)
  await restore(db, 15)
  const progress = startOver()
  for (let n = 1; n <= 30; n++) {
    await writeEvents(db, 1, 10 + n)
    await sealEvents(db, 2, progress)
  }
  await sealAll(db, 40, progress)
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 40, unsealed: 0 })
})

test('what a crash took from the chain is sealed again, the same', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const progress = startOver()
  await writeEvents(db, 6)
  await sealAll(db, 6, progress)
  const before = await verifyChain(db)
  await sealEvents(db, batchSize, progress)
  await sql`delete from event_seal where position > 3`.execute(db)
  await sealAll(db, 6, progress)
  t.assert.deepStrictEqual(await verifyChain(db), before)
})
