import { test, type TestContext } from 'node:test'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { ask, liveOf, resultsOf, run } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { warehouse } from './warehouse.ts'

test('a rollback that waits its turn leaves what was changed while it waited', async (t: TestContext) => {
  let open = () => {}
  let gate: Promise<void> | undefined
  const house = await warehouse(t, { executors: [shelfExecutor({ planning: () => gate })] })
  const { ctx, as, environment } = house
  await run(house, (await house.release({ a: '1', b: '1' })).id)
  const bad = await run(house, (await house.release({ a: '2', b: '2' }, 'Bad')).id)
  gate = new Promise((resolve) => (open = resolve))
  const fix = await ask(house, (await house.release({ a: '3' }, 'Fix')).id)

  const { deployment, conflicts } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    deployment_id: bad.id,
  })
  t.assert.deepStrictEqual(conflicts, [], 'nothing had changed when it was asked for')
  open()
  await ended(ctx, fix.id)
  await ended(ctx, deployment.id)

  t.assert.deepStrictEqual(await liveOf(house), { a: '3', b: '1' })
  t.assert.deepStrictEqual(await resultsOf(house, deployment.id), [
    ['a', 'none', '3', '3', 'left'],
    ['b', 'publish', '2', '1', 'done'],
  ])
  const { state, counts } = await getDeployment(ctx, { deployment_id: deployment.id })
  t.assert.deepStrictEqual([state, counts], ['succeeded', { done: 1, unchanged: 0, failed: 0, left: 1 }])
})

test('where all of it was changed meanwhile, a rollback ends unchanged and says what it left', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const { ctx, as, environment } = house
  await run(house, (await house.release({ a: '1' })).id)
  const bad = await run(house, (await house.release({ a: '2' }, 'Bad')).id)
  const request = { environment_id: environment.id, deployment_id: bad.id }
  const both = await Promise.all([
    requestRollback(as.releaser, request),
    requestRollback(as.releaser, request),
  ])
  for (const { deployment } of both) await ended(ctx, deployment.id)

  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  const states = both.map(({ deployment }) => getDeployment(ctx, { deployment_id: deployment.id }))
  t.assert.deepStrictEqual((await Promise.all(states)).map(({ state }) => state).toSorted(), [
    'succeeded',
    'unchanged',
  ])
})
