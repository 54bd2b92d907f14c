import { test, type TestContext } from 'node:test'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { retryDeployment } from '#app/deployments/retry-deployment.ts'
import { listWhereabouts } from '#app/releases/list-whereabouts.ts'
import { listRevisions } from '#app/releases/list-revisions.ts'
import { liveOf, resultsOf, run } from './orders.ts'
import { readShelf, shelfExecutor, type ShelfSettings } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const open = (t: TestContext, settings: ShelfSettings = {}) =>
  warehouse(t, { kind: 'data', executors: [shelfExecutor(settings)] })

async function deploy(house: Warehouse, items: Record<string, string>, name?: string) {
  return run(house, (await house.release(items, name)).id)
}

async function rollBack(house: Warehouse, deployment_id?: string, dry_run = false) {
  const { environment, as, ctx } = house
  const { deployment, conflicts } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    dry_run,
    ...(deployment_id === undefined ? {} : { deployment_id }),
  })
  await ended(ctx, deployment.id)
  return { ...(await getDeployment(ctx, { deployment_id: deployment.id })), conflicts }
}

test('a revision of data is a whole state: what it does not name goes', async (t: TestContext) => {
  const house = await open(t)
  const { ctx, project } = house
  const first = await deploy(house, { a: '1', b: '1', c: '1' })
  const second = await deploy(house, { a: '2', c: '1', d: '1' }, 'Second')
  t.assert.deepStrictEqual(await resultsOf(house, second.id), [
    ['a', 'update', '1', '2', 'done'],
    ['c', 'none', '1', '1', 'unchanged'],
    ['d', 'create', null, '1', 'done'],
    ['b', 'delete', '1', null, 'done'],
  ])
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', c: '1', d: '1' })
  t.assert.deepStrictEqual(await readShelf(ctx.db, house.environment.id), { a: '2', c: '1', d: '1' })
  const its = { project_id: project.id, release_id: first.release_id }
  const [revision] = await listRevisions(ctx, { ...its, limit: 1 })
  t.assert.strictEqual(revision?.scope, 'whole_state')
  const again = await run(house, second.release_id)
  t.assert.strictEqual(again.state, 'unchanged')
  const plan = await getPlan(ctx, { deployment_id: again.id })
  t.assert.deepStrictEqual(
    plan?.changes.map(({ key }) => key),
    ['a', 'c', 'd'],
    'what is gone is in no later plan',
  )
})

test('an environment is wholly at a whole state only where nothing else is live', async (t: TestContext) => {
  const house = await open(t)
  const { ctx, project } = house
  await deploy(house, { a: '1', b: '1' })
  const narrow = await house.release({ a: '1' }, 'Narrow')
  const its = { project_id: project.id, release_id: narrow.id }
  const where = async () => (await listWhereabouts(ctx, its)).map((row) => [row.whereabouts, row.others])
  t.assert.deepStrictEqual(await where(), [['partly', 1]])
  await run(house, narrow.id)
  t.assert.deepStrictEqual(await where(), [['wholly', 0]])
})

test('any selective deployment is a change set: what it does not name stays untouched', async (t: TestContext) => {
  const house = await open(t)
  await deploy(house, { a: '1', b: '1', c: '1' })
  const release = await house.release({ a: '2', b: '2' }, 'Second')
  const some = await run(house, release.id, { select_keys: ['a'] })
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', b: '1', c: '1' })
  await deploy(house, { a: '2', b: '1', c: '3' }, 'Since')
  const back = await rollBack(house, some.id)
  t.assert.deepStrictEqual(await resultsOf(house, back.id), [['a', 'update', '2', '1', 'done']])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '1', c: '3' })
})

test('rolling back a whole state brings back what was live before it, whatever came since', async (t: TestContext) => {
  const house = await open(t)
  await deploy(house, { a: '1', b: '1' })
  const bad = await deploy(house, { a: '2', c: '1' }, 'Bad')
  await deploy(house, { a: '3', c: '1', d: '1' }, 'Since')
  const dry = await rollBack(house, bad.id, true)
  t.assert.strictEqual(dry.state, 'planned', 'a rollback has a plan first, like anything else')
  const plan = await getPlan(house.ctx, { deployment_id: dry.id })
  t.assert.deepStrictEqual(
    plan?.changes.map(({ key, action, before, after }) => [key, action, before, after]),
    [
      ['a', 'update', '3', '1'],
      ['b', 'create', null, '1'],
      ['c', 'delete', '1', null],
      ['d', 'delete', '1', null],
    ],
  )
  const back = await rollBack(house, bad.id)
  t.assert.deepStrictEqual([back.state, back.conflicts, back.rolls_back], ['succeeded', [], bad.id])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '1' })

  const forth = await rollBack(house, back.id)
  t.assert.deepStrictEqual([forth.state, await liveOf(house)], ['succeeded', { a: '3', c: '1', d: '1' }])
})

test('where nothing was live before a whole state, its rollback leaves nothing', async (t: TestContext) => {
  const house = await open(t)
  await deploy(house, { a: '1', b: '1' })
  t.assert.strictEqual((await rollBack(house)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), {})
})

test('a removal that failed is retried, and nothing that was not named goes with it', async (t: TestContext) => {
  const faultyInPlan = ['b', 'c']
  const house = await open(t, { faultyInPlan })
  const { ctx, as } = house
  faultyInPlan.length = 0
  await deploy(house, { a: '1', b: '1' })
  faultyInPlan.push('b', 'c')
  const release = await house.release({ a: '2', c: '1' }, 'Second')
  const partly = await run(house, release.id, { on_item_failure: 'continue' })
  t.assert.deepStrictEqual(await resultsOf(house, partly.id), [
    ['a', 'update', '1', '2', 'done'],
    ['c', 'create', null, '1', 'failed'],
    ['b', 'delete', '1', null, 'failed'],
  ])
  faultyInPlan.length = 0
  const retry = await retryDeployment(as.releaser, { deployment_id: partly.id })
  t.assert.strictEqual((await ended(ctx, retry.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await resultsOf(house, retry.id), [
    ['c', 'create', null, '1', 'done'],
    ['b', 'delete', '1', null, 'done'],
  ])
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', c: '1' })
})
