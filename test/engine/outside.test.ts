import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { takeDispatch } from '#app/dispatches/take-dispatch.ts'
import { listLive } from '#app/live/list-live.ts'
import { readLog } from '#app/logs/read-log.ts'
import { requestRun } from '#app/runs/request-run.ts'
import { getRun } from '#app/runs/get-run.ts'
import { planChanges } from '#domain/plan.ts'
import type { Ending, Interlude, Order, OutsideExecutor, Tools } from '#executors/contract.ts'
import { kindsAbout } from './event-log.ts'
import { ask, liveOf, resultsOf, run } from './orders.ts'
import { ended, reached, signal } from './wait-for.ts'
import { waitUntil } from './wait-until.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

type Apply = (order: Order, tools: Tools) => Promise<Ending | Interlude>

/** An executor outside that does what the test says, and counts. */
function outsideExecutor(
  apply: Apply,
  more: Partial<OutsideExecutor> = {},
): OutsideExecutor & { orders: Order[] } {
  const orders: Order[] = []
  const act: Apply = async (order, tools) => {
    orders.push(order)
    return apply(order, tools)
  }
  return {
    ...{ name: 'shelf', scope: 'outside', after_loss: 'repeat', orders },
    plan: async (task) => planChanges(task),
    apply: act,
    run: act,
    ...more,
  }
}

const succeed: Apply = async () => ({ state: 'succeeded' })

/** As far as a process came that died after it had begun. */
async function begun(house: Warehouse, release = 'Lost') {
  const asked = await ask(house, (await house.release({ a: '1' }, release)).id)
  const work = (await claimDeployment(house.ctx, house.environment.id))!
  const plan = (await recordPlan(house.ctx, work, planChanges(work.task)))!
  await handOver(house.ctx, work, plan)
  await takeDispatch(house.ctx, { deployment_id: asked.id }, () => true)
  return asked
}

async function uncertain({ ctx, environment }: Warehouse) {
  const rows = await listLive(ctx, { environment_id: environment.id, limit: 10 })
  return rows.map((row) => [row.item_key, row.uncertain])
}

test('the intent is stored before the effect, and the outcome after', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx } = house
  let before: unknown
  const executor = outsideExecutor(async (order) => {
    const dispatch = await ctx.db.selectFrom('dispatch').selectAll().executeTakeFirstOrThrow()
    const { state } = await getDeployment(ctx, { deployment_id: order.subject_id })
    before = [dispatch.state, dispatch.id === order.dispatch_id, state]
    return { state: 'succeeded' }
  })
  await house.start([executor])
  const { id } = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual(before, ['begun', true, 'applying'])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  const after = await ctx.db.selectFrom('dispatch').selectAll().executeTakeFirstOrThrow()
  t.assert.deepStrictEqual([after.state, after.deployment_id], ['ended', id])
})

test('after a loss an executor that repeats is queued, planned and applied again', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await begun(house)
  const executor = outsideExecutor(succeed)
  await house.start([executor])
  const done = await ended(house.ctx, id)
  t.assert.deepStrictEqual([done.state, done.attempt, executor.orders.length], ['succeeded', 2, 1])
  t.assert.ok((await kindsAbout(house.ctx, id)).includes('deployment.requeued'))
})

test('after a loss an executor that must not repeat ends what is left, and the outcome is unknown', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await begun(house)
  const left: string[] = []
  const endLeft = async (dispatch_id: string) => void left.push(dispatch_id)
  const executor = outsideExecutor(succeed, { after_loss: 'never', endLeft })
  await house.start([executor])
  const failed = await ended(house.ctx, id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'outcome_unknown'])
  t.assert.deepStrictEqual([left.length, executor.orders.length], [1, 0])
  t.assert.deepStrictEqual(await uncertain(house), [['a', true]])
  t.assert.strictEqual((await run(house, (await house.release({ b: '1' }, 'Next')).id)).state, 'succeeded')
})

test('what was to stop when its process died is canceled, its items uncertain', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await begun(house)
  await cancelDeployment(house.as.approver, { deployment_id: id })
  await house.start([outsideExecutor(succeed)])
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'canceled')
  t.assert.deepStrictEqual(await uncertain(house), [['a', true]])
})

test('an executor that breaks has failed, and may have left things half done', async (t: TestContext) => {
  const broken = async () => {
    throw new Error('no such thing')
  }
  const house = await warehouse(t, { executors: [outsideExecutor(broken)] })
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'executor_broke'])
  t.assert.deepStrictEqual(await uncertain(house), [['a', true]])
})

test('an executor that fails before it begins leaves nothing uncertain', async (t: TestContext) => {
  const untouched = async () =>
    ({ state: 'failed', code: 'no', detail: 'Not today.', untouched: true }) as const
  const house = await warehouse(t, { executors: [outsideExecutor(untouched)] })
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_detail], ['failed', 'Not today.'])
  t.assert.deepStrictEqual(await uncertain(house), [])
})

test('an executor that fails in the middle says which items were done', async (t: TestContext) => {
  const half = async () =>
    ({ state: 'failed', code: 'half', detail: 'Half.', items: [{ key: 'a', outcome: 'done' }] }) as const
  const house = await warehouse(t, { executors: [outsideExecutor(half)] })
  const failed = await run(house, (await house.release({ a: '1', b: '1' })).id)
  t.assert.deepStrictEqual(
    (await resultsOf(house, failed.id)).map((row) => row.at(-1)),
    ['done', 'left'],
  )
  t.assert.deepStrictEqual(await uncertain(house), [
    ['a', false],
    ['b', true],
  ])
})

test('canceled before it was handed over, nothing outside was begun', async (t: TestContext) => {
  const [arrived, goOn] = [signal(), signal()]
  const plan: OutsideExecutor['plan'] = async (task) => {
    arrived.give()
    await goOn.promise
    return planChanges(task)
  }
  const executor = outsideExecutor(succeed, { plan })
  const house = await warehouse(t, { executors: [executor] })
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await arrived.promise
  await cancelDeployment(house.as.approver, { deployment_id: id })
  goOn.give()
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'canceled')
  t.assert.deepStrictEqual([executor.orders.length, await uncertain(house)], [0, []])
})

test('nothing is begun while another process holds the environment', async (t: TestContext) => {
  const house = await warehouse(t)
  const elsewhere = (await house.store.hold(`environment ${house.environment.id}`))!
  const executor = outsideExecutor(succeed)
  await house.start([executor])
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await reached(house.ctx, id, 'applying')
  await sleep(700)
  t.assert.strictEqual(executor.orders.length, 0)
  await elsewhere.release()
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
})

test('a run has the same engine, log and loss rules', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, project, environment, as } = house
  const asked = {
    project_id: project.id,
    environment_id: environment.id,
    kind: 'check',
    executor: 'shelf',
  } as const
  const request = () =>
    requestRun(as.releaser, { ...asked, settings: {}, input: { depth: 2 }, cause: 'request' })
  const lost = await request()
  await takeDispatch(ctx, { run_id: lost.id }, () => true)
  const executor = outsideExecutor(async ({ input }, tools) => {
    await tools.log('stdout', [`depth ${String(input.depth)}`])
    return { state: 'succeeded', result: { found: 3 } }
  })
  await house.start([executor])
  await waitUntil(async () => (await getRun(ctx, { run_id: lost.id })).state === 'succeeded')
  const done = await getRun(ctx, { run_id: lost.id })
  t.assert.deepStrictEqual([done.attempt, done.result], [2, { found: 3 }])
  const { lines, final } = await readLog(ctx, { run_id: lost.id, after: 0, limit: 10 })
  t.assert.deepStrictEqual(
    lines.map(({ text }) => text),
    [
      'running (check), by shelf',
      'The process that ran it is gone. It is queued again.',
      'running (check), by shelf',
      'depth 2',
      'succeeded',
    ],
  )
  t.assert.ok(final)
  t.assert.deepStrictEqual(await kindsAbout(ctx, lost.id), [
    ...['run.requested', 'run.started', 'run.requeued', 'run.started', 'run.succeeded'],
  ])
})
