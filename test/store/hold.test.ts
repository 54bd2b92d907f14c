import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { waitUntil } from '../engine/wait-until.ts'
import { freshPlace, freshStore, openPlace, testStore } from '../fresh-store.ts'

test('a name is held once, until it is let go', async (t: TestContext) => {
  const { store } = await freshStore(t)
  const hold = await store.hold('a')
  t.assert.ok(hold)
  t.assert.strictEqual(await store.hold('a'), undefined)
  t.assert.ok(await store.hold('b'))
  await hold.release()
  t.assert.ok(await store.hold('a'))
  t.assert.strictEqual(hold.lost.aborted, false)
})

const onPostgres = { skip: testStore === 'postgres' ? false : 'several processes share PostgreSQL only' }

test('what one process holds no other does, until the first is gone', onPostgres, async (t: TestContext) => {
  const place = await freshPlace()
  const [one, two] = [await openPlace(place), await openPlace(place)]
  t.after(async () => {
    await one.close()
    await two.close()
    await place.remove()
  })
  t.assert.ok(await one.hold('a'))
  t.assert.strictEqual(await two.hold('a'), undefined)
  await one.close()
  await waitUntil(async () => (await two.hold('a')) !== undefined)
})

test(
  'a connection that was lost is made up for, unless somebody else was quicker',
  onPostgres,
  async (t: TestContext) => {
    const { store, db } = await freshStore(t)
    const [kept, taken] = [await store.hold('kept'), await store.hold('taken')]
    t.assert.ok(kept && taken)
    // One session ends the holder's and takes one of its locks in the same moment.
    await db.connection().execute(async (session) => {
      await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(session)
      await sql`select pg_advisory_lock(hashtextextended('taken', 4400))`.execute(session)
      await waitUntil(() => taken.lost.aborted)
      await sql`select pg_advisory_unlock_all()`.execute(session)
    })
    await sleep(100)
    t.assert.strictEqual(kept.lost.aborted, false)
    t.assert.strictEqual(await store.hold('kept'), undefined)
    await kept.release()
    t.assert.ok(await store.hold('kept'))
  },
)
