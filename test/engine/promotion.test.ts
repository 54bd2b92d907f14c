import { test, type TestContext } from 'node:test'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import type { Context } from '#app/context.ts'
import { until } from '../code-house.ts'
import { liveOf, run } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

/** The second environment comes after the first, and takes by itself what succeeds there. */
async function inLine({ ctx, environments }: Warehouse): Promise<string> {
  const [first, second] = environments
  const after = { parent_id: first!.id, auto_promote: true }
  await ctx.db.updateTable('environment').set(after).where('id', '=', second!.id).execute()
  return second!.id
}

function statesIn({ db }: Context, environment_id: string): Promise<{ state: string }[]> {
  const query = db.selectFrom('deployment').select('state').where('environment_id', '=', environment_id)
  return query.orderBy('id').execute()
}

test('what succeeds goes on by itself, whatever it is of; change sets all have their turn', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2, executors: [shelfExecutor()] })
  const next = await inLine(house)
  await run(house, (await house.release({ a: '1' })).id)
  await until(
    () => statesIn(house.ctx, next),
    (rows) => rows[0]?.state === 'succeeded',
    'the promotion',
  )
  t.assert.deepEqual(await liveOf(house, next), { a: '1' })
  const { id: project_id } = house.project
  await setFreeze(house.as.admin, { project_id, environment_id: next, reason: 'audit' })
  await run(house, (await house.release({ b: '1' })).id)
  await run(house, (await house.release({ c: '1' })).id)
  const waiting = await until(
    () => statesIn(house.ctx, next),
    (rows) => rows.length === 3,
    'both that follow',
  )
  t.assert.deepEqual(
    waiting.map(({ state }) => state),
    ['succeeded', 'requested', 'requested'],
  )
})
