import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { startSealer } from '#events/sealer.ts'
import { verifyChain } from '#events/verify-chain.ts'
import type { Db } from '#store/database.ts'
import { freshStore, testStore } from '../fresh-store.ts'
import { writeEvents } from './write-events.ts'

function listening() {
  const errors: unknown[] = []
  return { errors, logger: { error: (details: object) => void errors.push(details) } }
}

async function lengthReaches(db: Db, length: number): Promise<void> {
  for (let n = 0; n < 1000; n++) {
    const verdict = await verifyChain(db)
    if (verdict.whole && verdict.length === length) return
    await sleep(10)
  }
  throw new Error(`the chain did not reach ${length}`)
}

test('a nudge seals at once, and a burst of nudges is one batch', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const { errors, logger } = listening()
  const sealer = startSealer({ db, logger, everyMs: 200 })
  await sleep(100)
  for (let n = 0; n < 20; n++) {
    await writeEvents(db, 1, n)
    sealer.nudge()
  }
  await lengthReaches(db, 20)
  await sealer.stop()
  t.assert.deepStrictEqual(errors, [])
})

test('what other processes wrote is found without a nudge', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const sealer = startSealer({ db, ...listening(), everyMs: 50 })
  await sleep(60)
  await writeEvents(db, 3)
  await lengthReaches(db, 3)
  await sealer.stop()
})

test('two sealers at once keep one chain', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const { errors, logger } = listening()
  const sealers = [1, 2].map(() => startSealer({ db, logger, everyMs: 5, gatherMs: 1 }))
  for (let n = 0; n < 40; n++) {
    await writeEvents(db, 2, n)
    for (const sealer of sealers) sealer.nudge()
  }
  await lengthReaches(db, 80)
  await Promise.all(sealers.map((sealer) => sealer.stop()))
  t.assert.deepStrictEqual(errors, [])
})

const onPostgres = { skip: testStore !== 'postgres' && 'transactions do not overlap on PGlite' }

test(
  'what an older transaction holds up is sealed when it ends, though nobody nudges',
  onPostgres,
  async (t: TestContext) => {
    const { db } = await freshStore(t)
    // It looks by itself once an hour.
    const sealer = startSealer({ db, ...listening(), everyMs: 3_600_000 })
    const older = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const open = db.transaction().execute(async (tx) => {
      await sql`select pg_current_xact_id()`.execute(tx)
      begun.resolve()
      await older.promise
    })
    await begun.promise
    await writeEvents(db, 1)
    sealer.nudge()
    await sleep(100)
    t.assert.partialDeepStrictEqual(await verifyChain(db), { length: 0 })
    older.resolve()
    await open
    await lengthReaches(db, 1)
    await sealer.stop()
  },
)

test('more than a batch is sealed in one go', async (t: TestContext) => {
  const { db } = await freshStore(t)
  await writeEvents(db, 2500)
  const sealer = startSealer({ db, ...listening(), everyMs: 300 })
  await lengthReaches(db, 2500)
  await sealer.stop()
})

test('an error is logged and sealing goes on; after stopping nothing happens', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const { errors, logger } = listening()
  await sql`alter table event_seal rename to elsewhere`.execute(db)
  const sealer = startSealer({ db, logger, everyMs: 20, gatherMs: 1 })
  await writeEvents(db, 1)
  while (errors.length < 2) await sleep(5)
  await sql`alter table elsewhere rename to event_seal`.execute(db)
  await lengthReaches(db, 1)
  await sealer.stop()
  await sealer.stop()
  await writeEvents(db, 1, 1)
  sealer.nudge()
  await sleep(60)
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 1 })
})
