import { test, type TestContext } from 'node:test'
import { ask, liveOf } from './orders.ts'
import { pass } from './quiet-house.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { warehouse } from './warehouse.ts'

test('whoever asked first goes first, whatever the clocks say', async (t: TestContext) => {
  const house = await warehouse(t)
  const first = await ask(house, (await house.release({ a: '1' })).id)
  // The second request comes through a process whose clock is behind.
  pass(house.clock, -60)
  const second = await ask(house, (await house.release({ a: '2' })).id)
  t.assert.ok(second.queued_at! < first.queued_at!, 'the clock says the opposite')
  await house.start([shelfExecutor()])
  await ended(house.ctx, second.id)
  await ended(house.ctx, first.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '2' })
})
