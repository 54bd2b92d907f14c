import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { Memory, outdatesMemory } from '#app/memory.ts'
import { openPostgres } from '#store/open-postgres.ts'
import { freshPlace, testStore } from '../fresh-store.ts'
import { until } from '../operations/one-release.ts'

const minute = 60_000

test('what was found is remembered, and never what was not there', async (t: TestContext) => {
  const memory = new Memory()
  memory.hearing()
  let reads = 0
  const read = (value: string | undefined) => async () => {
    reads += 1
    return value
  }
  t.assert.equal(await memory.recall('a', 0, read(undefined)), undefined)
  t.assert.equal(await memory.recall('a', 0, read('one')), 'one')
  t.assert.equal(await memory.recall('a', minute - 1, read('two')), 'one')
  t.assert.equal(reads, 2)
  t.assert.equal(await memory.recall('a', minute, read('two')), 'two', 'not for ever')
  t.assert.equal(await memory.recall('a', 0, read('three')), 'three', 'a clock may be set back')
})

test('what is read while something is forgotten is not remembered', async (t: TestContext) => {
  const memory = new Memory()
  memory.hearing()
  const before = Promise.withResolvers<string>()
  const reading = memory.recall('a', 0, () => before.promise)
  memory.forget()
  before.resolve('old')
  t.assert.equal(await reading, 'old')
  t.assert.equal(await memory.recall('a', 0, async () => 'new'), 'new')
})

test('a process that cannot hear of changes remembers nothing, and one that never could, five seconds', async (t: TestContext) => {
  const memory = new Memory()
  const read = (value: string) => async () => value
  t.assert.equal(await memory.recall('a', 0, read('one')), 'one')
  t.assert.equal(await memory.recall('a', 4999, read('two')), 'one')
  t.assert.equal(await memory.recall('a', 5000, read('two')), 'two')
  memory.hearing()
  await memory.recall('a', 0, read('three'))
  memory.deaf()
  t.assert.equal(await memory.recall('a', 0, read('four')), 'four')
  t.assert.equal(await memory.recall('a', 0, read('five')), 'five')
  memory.hearing()
  await memory.recall('a', 0, read('six'))
  t.assert.equal(await memory.recall('a', 0, read('seven')), 'six')
})

test('what changes who may do what is forgotten, and what changes nothing of it is not', (t: TestContext) => {
  for (const kind of ['user.updated', 'token.removed', 'project.removed', 'user.sessions_ended'] as const)
    t.assert.ok(outdatesMemory(kind), kind)
  for (const kind of ['user.signed_in', 'release.created', 'deployment.succeeded'] as const)
    t.assert.ok(!outdatesMemory(kind), kind)
})

test(
  'whoever listens is told at once that nothing can be heard, and when it can again',
  { skip: testStore === 'postgres' ? false : 'the embedded store hears itself' },
  async (t: TestContext) => {
    const place = await freshPlace()
    const store = await openPostgres({
      databaseUrl: place.databaseUrl as string,
      poolSize: 2,
      onError: () => undefined,
    })
    t.after(async () => {
      await store.close()
      await place.remove()
    })
    const heard: string[] = []
    const hear = (payload: string | null) => heard.push(payload ?? 'again')
    await store.listen('changes', hear, () => heard.push('lost'))
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(store.db)
    await until(async () => heard.length >= 2, 10_000, 'it listens again')
    t.assert.deepEqual(heard, ['lost', 'again'])
  },
)
