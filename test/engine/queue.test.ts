import { test, type TestContext } from 'node:test'
import { PgBoss } from 'pg-boss'
import { pino } from 'pino'
import { openQueue } from '#engine/queue.ts'
import { notify } from '#store/notify.ts'
import { freshStore } from '../fresh-store.ts'
import { signal } from './wait-for.ts'
import { waitUntil } from './wait-until.ts'

test('a queue of an older version is made anew; of one environment a job at a time, and others beside it', async (t: TestContext) => {
  const { store } = await freshStore(t)
  const boss = new PgBoss({ ...store.boss, schema: 'job', supervise: false, schedule: false })
  await boss.start()
  await boss.deleteQueue('run-environment')
  await boss.createQueue('run-environment', { policy: 'singleton' })
  await boss.send('run-environment', { environment_id: 'old' }, { singletonKey: 'old' })
  await boss.stop({ graceful: false })

  const logger = pino({ level: 'silent' })
  const queue = await openQueue({ ...store, alone: store.kind === 'embedded', notify, logger })
  const begun: string[] = []
  const gate = signal()
  queue.work('run-environment', async ({ environment_id }) => {
    begun.push(environment_id)
    if (environment_id === 'one') await gate.promise
  })
  const send = (...ids: string[]) =>
    store.db.transaction().execute((tx) =>
      queue.enqueue(
        tx,
        ids.map((environment_id) => ({ name: 'run-environment' as const, data: { environment_id } })),
      ),
    )
  try {
    await send('one', 'one', 'two')
    await waitUntil(() => begun.includes('two'))
    await send('one', 'three')
    await waitUntil(() => begun.includes('three'))
    t.assert.deepEqual(begun.toSorted(), ['one', 'three', 'two'])
    gate.give()
    await waitUntil(() => begun.length === 5)
    t.assert.deepEqual(begun.slice(3), ['one', 'one'])
  } finally {
    gate.give()
    // Before the store is closed: hooks run in the order in which they were registered.
    await queue.stop(1000)
  }
})
