import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sealEvents } from '#events/seal-events.ts'
import { verifyChain } from '#events/verify-chain.ts'
import type { Db } from '#store/database.ts'
import { listSealedEvents } from '#store/event-seal.ts'
import { insertEvents } from '#store/event.ts'
import { freshStore, testStore } from '../fresh-store.ts'
import { eventOf, eventsOf, writeEvents } from './write-events.ts'

const onPostgres = { skip: testStore !== 'postgres' && 'transactions do not overlap on PGlite' }

const sealedIds = async (db: Db) =>
  (await listSealedEvents(db, { after: 0, limit: 100_000 })).map(({ id }) => id)

/** Other tests' databases share the server: a transaction of theirs may hold the reader back for a moment. */
async function sealAll(db: Db, expected: number): Promise<void> {
  for (let n = 0; n < 1000; n++) {
    await sealEvents(db)
    if ((await sealedIds(db)).length >= expected) return
    await sleep(10)
  }
}

test('an event comes back as it was written', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const event = eventOf(1)
  await insertEvents(db, [event])
  await insertEvents(db, [])
  const { kind, at, id, actor } = eventOf(2)
  await insertEvents(db, [{ id, at, kind, actor }])
  await sealAll(db, 2)
  const [first, second] = await listSealedEvents(db, { after: 0, limit: 10 })
  const { ordinal, position, xact, hash, ...rest } = first ?? {}
  t.assert.deepStrictEqual(rest, event)
  t.assert.deepStrictEqual([ordinal, position, hash?.length], [1, 1, 32])
  t.assert.match(xact ?? '', /^\d+$/)
  t.assert.partialDeepStrictEqual(second, { project_id: null, reason: null, data: {}, position: 2 })
})

test('what is committed is sealed once, in order, batch by batch', async (t: TestContext) => {
  const { db } = await freshStore(t)
  // In one transaction: one of another test's database could stand between two, and cut a batch short.
  const ids = await db
    .transaction()
    .execute(async (tx) => [...(await writeEvents(tx, 25)), ...(await writeEvents(tx, 5, 25))])
  const counts: number[] = []
  for (let n = 0; n < 1000 && counts.reduce((a, b) => a + b, 0) < 30; n++) {
    const count = await sealEvents(db, 12)
    counts.push(count)
    if (count === 0) await sleep(10)
  }
  t.assert.deepStrictEqual(
    counts.filter((count) => count > 0),
    [12, 12, 6],
  )
  t.assert.deepStrictEqual(await sealedIds(db), ids)
  t.assert.strictEqual(await sealEvents(db), 0)
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 30 })
})

test('what was rolled back is never sealed, and leaves no gap', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const before = await writeEvents(db, 2)
  await t.assert.rejects(
    db.transaction().execute(async (tx) => {
      await writeEvents(tx, 3)
      throw new Error('no')
    }),
  )
  const after = await writeEvents(db, 2)
  await sealAll(db, 4)
  t.assert.deepStrictEqual(await sealedIds(db), [...before, ...after])
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 4 })
})

test('pages go by position, of one project or of all', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const events = eventsOf(10)
  await insertEvents(db, events)
  await sealAll(db, 10)
  const page = await listSealedEvents(db, { after: 3, limit: 4 })
  t.assert.deepStrictEqual(
    page.map(({ position }) => position),
    [4, 5, 6, 7],
  )
  const project_id = events[8]?.project_id ?? ''
  const ofOne = await listSealedEvents(db, { after: 0, limit: 4, project_id })
  t.assert.deepStrictEqual(
    ofOne.map(({ id }) => id),
    [events[8]?.id],
  )
})

test(
  'an earlier transaction that commits later is neither skipped nor sealed twice',
  onPostgres,
  async (t: TestContext) => {
    const { db } = await freshStore(t)
    const slow = await db.startTransaction().execute()
    const [early] = await writeEvents(slow, 1)
    const quick = await writeEvents(db, 3, 1)
    const sealedMeanwhile = await sealEvents(db)
    const [late] = await writeEvents(slow, 1, 4)
    await slow.commit().execute()
    t.assert.strictEqual(sealedMeanwhile, 0, 'nobody may pass a transaction that is still open')
    await sealAll(db, 5)
    t.assert.deepStrictEqual(await sealedIds(db), [early, late, ...quick])
    t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: true, length: 5 })
  },
)

test(
  'a transaction that takes its number after the last seal comes after it',
  onPostgres,
  async (t: TestContext) => {
    const { db } = await freshStore(t)
    const reader = await db.startTransaction().execute()
    // It has a snapshot but no number yet: what is sealed meanwhile stands before what it writes.
    await reader.selectFrom('event').select('id').execute()
    const first = await writeEvents(db, 2)
    await sealAll(db, 2)
    const second = await writeEvents(reader, 2, 2)
    await reader.commit().execute()
    await sealAll(db, 4)
    t.assert.deepStrictEqual(await sealedIds(db), [...first, ...second])
  },
)

test(
  'many writers, several sealers at once: every event once, and the chain holds',
  { timeout: 60_000 },
  async (t: TestContext) => {
    const { db } = await freshStore(t)
    const written: string[] = []
    let writing = true
    const writer = async (w: number) => {
      for (let n = 0; n < 15; n++) {
        const ids = await db.transaction().execute(async (tx) => {
          const some = await writeEvents(tx, 1 + ((w + n) % 3), n * 10)
          await sleep((w * 7 + n * 3) % 11)
          return [...some, ...(await writeEvents(tx, 1, n))]
        })
        written.push(...ids)
      }
    }
    const sealer = async () => {
      while (writing) {
        await sealEvents(db, 7)
        await sleep(1)
      }
    }
    const sealers = [sealer(), sealer(), sealer()]
    await Promise.all(Array.from({ length: 8 }, (_, w) => writer(w)))
    writing = false
    await Promise.all(sealers)
    await sealAll(db, written.length)
    t.assert.deepStrictEqual((await sealedIds(db)).toSorted(), written.toSorted())
    t.assert.partialDeepStrictEqual(await verifyChain(db, { pageSize: 10 }), {
      whole: true,
      length: written.length,
    })
  },
)
