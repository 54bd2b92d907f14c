import { test, type TestContext } from 'node:test'
import { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { liveOf, run } from './orders.ts'
import { readShelf, shelfExecutor } from './shelf-executor.ts'
import { sharedWarehouse, type Warehouse } from './warehouse.ts'

/** What the executor `breaks` does not do now. */
const broken = { planning: false, applying: false }

function breakIn(stage: keyof typeof broken): void {
  if (broken[stage]) throw new Error('a secret of the executor')
}

const warehouse = sharedWarehouse([
  shelfExecutor({ name: 'faulty in Plan', faultyInPlan: ['b'] }),
  shelfExecutor({ name: 'faulty in Apply', faultyInApply: ['b'] }),
  shelfExecutor({
    name: 'breaks',
    planning: () => breakIn('planning'),
    applying: () => breakIn('applying'),
  }),
  shelfExecutor({
    name: 'breaks in the store',
    applying: async (_task, tx) => void (await tx.deleteFrom('nowhere' as 'live').execute()),
  }),
])

async function outcomes({ ctx }: Warehouse, deployment_id: string) {
  const items = await listDeploymentItems(ctx, { deployment_id })
  return Object.fromEntries(
    items.map(({ item_key, outcome, code }) => [item_key, code ? `${outcome}: ${code}` : outcome]),
  )
}

for (const when of ['Plan', 'Apply'] as const) {
  const code = when === 'Plan' ? 'torn' : 'dropped'
  const found = `an item found faulty in the ${when.toLowerCase()}`

  test(`${found} stops a deployment: nothing is done`, async (t: TestContext) => {
    const house = await warehouse({ executor: `faulty in ${when}` })
    const { ctx, environment } = house
    await run(house, (await house.release({ a: '1' })).id)
    const failed = await run(house, (await house.release({ a: '1', b: '1', c: '1' })).id)
    t.assert.strictEqual(failed.state, 'failed')
    t.assert.strictEqual(failed.failure_code, 'items_failed')
    t.assert.strictEqual(failed.failure_detail, '1 of 3 items could not be deployed; nothing was changed.')
    t.assert.deepStrictEqual(failed.counts, { done: 0, unchanged: 1, failed: 1, left: 1 })
    t.assert.deepStrictEqual(await outcomes(house, failed.id), {
      a: 'unchanged',
      b: `failed: ${code}`,
      c: 'left',
    })
    t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
    t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { a: '1' })
  })

  test(`${found} is left out of a deployment that continues`, async (t: TestContext) => {
    const house = await warehouse({ executor: `faulty in ${when}` })
    const { ctx, environment } = house
    await run(house, (await house.release({ a: '1' })).id)
    const release = await house.release({ a: '1', b: '1', c: '1' })
    const partly = await run(house, release.id, { on_item_failure: 'continue' })
    t.assert.strictEqual(partly.state, 'partly_succeeded')
    t.assert.strictEqual(partly.failure_code, 'items_failed')
    t.assert.strictEqual(partly.failure_detail, '1 of 3 items could not be deployed.')
    t.assert.deepStrictEqual(partly.counts, { done: 1, unchanged: 1, failed: 1, left: 0 })
    t.assert.deepStrictEqual(await outcomes(house, partly.id), {
      a: 'unchanged',
      b: `failed: ${code}`,
      c: 'done',
    })
    t.assert.deepStrictEqual(await liveOf(house), { a: '1', c: '1' })
    t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { a: '1', c: '1' })
    t.assert.deepStrictEqual(partly.allowed_actions, ['roll_back', 'retry'])
  })

  test(`where every item is ${found.slice(8)}, it fails even if it would continue`, async (t: TestContext) => {
    const house = await warehouse({ executor: `faulty in ${when}` })
    const failed = await run(house, (await house.release({ b: '1' })).id, { on_item_failure: 'continue' })
    t.assert.strictEqual(failed.state, 'failed')
    t.assert.deepStrictEqual(await outcomes(house, failed.id), { b: `failed: ${code}` })
    t.assert.deepStrictEqual(await liveOf(house), {})
  })
}

test('a fault counts even where nothing else is to be done', async (t: TestContext) => {
  const house = await warehouse({ executor: 'faulty in Plan' })
  await run(house, (await house.release({ a: '1' })).id)
  const failed = await run(house, (await house.release({ a: '1', b: null })).id)
  t.assert.strictEqual(failed.state, 'failed')
  t.assert.deepStrictEqual(await outcomes(house, failed.id), { a: 'unchanged', b: 'failed: torn' })
})

test('an executor that breaks while it plans fails the deployment and nothing more', async (t: TestContext) => {
  broken.planning = true
  const house = await warehouse({ executor: 'breaks' })
  const release = await house.release({ a: '1' })
  for (const dry_run of [false, true]) {
    const failed = await run(house, release.id, { dry_run })
    t.assert.strictEqual(failed.state, 'failed')
    t.assert.strictEqual(failed.failure_code, 'planning_failed')
    t.assert.doesNotMatch(failed.failure_detail ?? '', /secret/)
    t.assert.deepStrictEqual(await outcomes(house, failed.id), {})
  }
  t.assert.deepStrictEqual(await liveOf(house), {})
  broken.planning = false
  t.assert.strictEqual((await run(house, release.id)).state, 'succeeded')
})

test('an executor that breaks while it applies leaves nothing half done', async (t: TestContext) => {
  broken.applying = true
  const house = await warehouse({ executor: 'breaks' })
  const { ctx, environment } = house
  const release = await house.release({ a: '1', b: null })
  const failed = await run(house, release.id, { on_item_failure: 'continue' })
  t.assert.strictEqual(failed.state, 'failed')
  t.assert.strictEqual(failed.failure_code, 'executor_broke')
  t.assert.doesNotMatch(failed.failure_detail ?? '', /secret/)
  t.assert.deepStrictEqual(await outcomes(house, failed.id), { a: 'left', b: 'unchanged' })
  t.assert.deepStrictEqual(await liveOf(house), {})
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), {})
  broken.applying = false
  t.assert.strictEqual((await run(house, release.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { a: '1' })
})

test('a statement that breaks in the store takes back what was done before it', async (t: TestContext) => {
  const house = await warehouse({ executor: 'breaks in the store' })
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'executor_broke'])
  t.assert.deepStrictEqual(await readShelf(house.ctx.db, house.environment.id), {})
})

test('an environment whose executor nobody knows fails its deployments and says so', async (t: TestContext) => {
  const house = await warehouse({ executor: 'robot' })
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.strictEqual(failed.state, 'failed')
  t.assert.strictEqual(failed.failure_code, 'no_executor')
  t.assert.strictEqual(failed.failure_detail, 'There is no executor named robot.')
})
