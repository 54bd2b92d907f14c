import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyInStore } from '#app/deployments/apply-plan.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { claimDeployment, type WorkInHand } from '#app/deployments/claim-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { recordPlan, type RecordedPlan } from '#app/deployments/record-plan.ts'
import { stopDeployment } from '#app/deployments/stop-deployment.ts'
import { takeUpLost } from '#app/deployments/take-up-lost.ts'
import { planChanges } from '#domain/plan.ts'
import type { AfterLoss } from '#app/deployments/take-up-lost.ts'
import { listLive } from '#app/live/list-live.ts'
import { kindsAbout, readEvents } from './event-log.ts'
import { ask, liveOf, resultsOf } from './orders.ts'
import { countPuts, readShelf, shelfExecutor } from './shelf-executor.ts'
import { ended, signal } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

/** What a process had in hand when it died: nobody is left who would go on with it. */
async function left(house: Warehouse, state: 'planning' | 'applying' | 'canceling') {
  const release = await house.release({ a: '1', b: '1' })
  const asked = await ask(house, release.id)
  const work = await claim(house)
  let plan: RecordedPlan | undefined
  if (state !== 'planning') plan = await recordPlan(house.ctx, work, planChanges(work.task))
  if (state === 'canceling') await cancelDeployment(house.as.approver, { deployment_id: asked.id })
  return { id: asked.id, work, plan }
}

async function claim(house: Warehouse): Promise<WorkInHand> {
  const work = await claimDeployment(house.ctx, house.environment.id)
  if (!work) throw new Error('there was nothing to claim')
  return work
}

for (const state of ['planning', 'applying'] as const) {
  test(`a deployment lost while ${state} runs again at the next start`, async (t: TestContext) => {
    const house = await warehouse(t)
    const { id } = await left(house, state)
    const waiting = await ask(house, (await house.release({ a: '2' }, 'Next')).id)
    await house.start([shelfExecutor()])
    const done = await ended(house.ctx, id)
    t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
    t.assert.strictEqual((await ended(house.ctx, waiting.id)).state, 'succeeded')
    t.assert.deepStrictEqual(await liveOf(house), { a: '2', b: '1' }, 'and before those that came after it')
    t.assert.deepStrictEqual(await countPuts(house.ctx.db, house.environment.id), { a: 2, b: 1 })
    const kinds = await kindsAbout(house.ctx, id)
    t.assert.deepStrictEqual(kinds.slice(kinds.indexOf('deployment.requeued')), [
      'deployment.requeued',
      'deployment.started',
      'deployment.planned',
      'deployment.succeeded',
    ])
    const requeued = (await readEvents(house.ctx)).find(({ kind }) => kind === 'deployment.requeued')
    t.assert.strictEqual(requeued?.reason, 'The process that ran it died.')
  })
}

test('one that must not be repeated is started again only if it had not begun to apply', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await left(house, 'planning')
  await house.start([shelfExecutor({ after_loss: 'never' })])
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
})

test('one that must not be repeated fails, its outcome unknown and its items uncertain', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, environment } = house
  const { id } = await left(house, 'applying')
  const waiting = await ask(house, (await house.release({ c: '1' }, 'Next')).id)
  await house.start([shelfExecutor({ after_loss: 'never' })])
  const failed = await ended(ctx, id)
  t.assert.deepStrictEqual(
    [failed.state, failed.failure_code, failed.attempt],
    ['failed', 'outcome_unknown', 1],
  )
  t.assert.match(failed.failure_detail ?? '', /^The process that ran it died/)
  t.assert.deepStrictEqual(failed.finished_at, house.clock.now)
  t.assert.strictEqual((await kindsAbout(ctx, id)).at(-1), 'deployment.failed')
  t.assert.strictEqual((await ended(ctx, waiting.id)).state, 'succeeded')

  t.assert.deepStrictEqual(await resultsOf(house, id), [
    ['a', 'publish', null, '1', 'left'],
    ['b', 'publish', null, '1', 'left'],
  ])
  const rows = await listLive(ctx, { environment_id: environment.id, limit: 10 })
  t.assert.deepStrictEqual(
    rows.map(({ item_key, version, uncertain }) => [item_key, version, uncertain]),
    [
      ['a', null, true],
      ['b', null, true],
      ['c', '1', false],
    ],
  )
  // Nothing uncertain is unchanged: even unpublishing what was never there is done.
  const off = await ask(house, (await house.release({ a: null }, 'Off')).id)
  t.assert.strictEqual((await ended(ctx, off.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await resultsOf(house, off.id), [['a', 'unpublish', null, null, 'done']])
})

test('one that was asked to stop is canceled', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await left(house, 'canceling')
  const waiting = await ask(house, (await house.release({ c: '1' }, 'Next')).id)
  await house.start([shelfExecutor()])
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'canceled')
  t.assert.strictEqual((await ended(house.ctx, waiting.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await readShelf(house.ctx.db, house.environment.id), { c: '1' })
})

test('an environment whose executor is gone repeats nothing', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await left(house, 'applying')
  await house.start([])
  t.assert.deepStrictEqual((await ended(house.ctx, id)).failure_code, 'outcome_unknown')
})

test('a process that was given up for dead and wakes again moves nothing', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, environment } = house
  const repeat = (): AfterLoss => 'repeat'
  const early = await left(house, 'planning')
  t.assert.strictEqual(await takeUpLost(ctx, environment.id, repeat), true)
  const again = await claim(house)
  t.assert.deepStrictEqual([again.id, again.attempt], [early.id, 2])

  const changes = planChanges(early.work.task)
  t.assert.strictEqual(await recordPlan(ctx, early.work, changes), undefined, 'neither from planning')
  const plan = await recordPlan(ctx, again, changes)
  const apply = async () => []
  const stale: RecordedPlan = { plan_id: ctx.newId(), changes, to: 'applying' }
  t.assert.strictEqual(await applyInStore(ctx, early.work, stale, apply), false, 'nor from applying')
  await cancelDeployment(house.as.approver, { deployment_id: early.id })
  t.assert.strictEqual(await stopDeployment(ctx, early.work), false, 'nor from canceling')
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id: early.id })).state, 'canceling')
  t.assert.strictEqual(await applyInStore(ctx, again, plan!, apply), false)
  t.assert.strictEqual(await stopDeployment(ctx, again), true)
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id: early.id })).state, 'canceled')
  t.assert.deepStrictEqual(await liveOf(house), {})
  t.assert.strictEqual(await takeUpLost(ctx, environment.id, repeat), false)
})

test('what the one given up for dead did to the store is taken back', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, environment } = house
  const { work, plan } = await left(house, 'applying')
  const executor = shelfExecutor()
  await takeUpLost(ctx, environment.id, () => 'repeat')
  const applied = await applyInStore(ctx, work, plan!, (tx, at) =>
    executor.apply(tx, work.task, { plan_id: plan!.plan_id, at }),
  )
  t.assert.strictEqual(applied, false)
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), {})
})

test('a stop waits for what is in hand to end', async (t: TestContext) => {
  const arrived = signal()
  const planning = async () => {
    arrived.give()
    await sleep(300)
  }
  const house = await warehouse(t, { executors: [shelfExecutor({ planning })] })
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await arrived.promise
  await house.stop()
  t.assert.strictEqual((await getDeployment(house.ctx, { deployment_id: id })).state, 'succeeded')
})

test('what does not end in time is handed over, and the one it was taken from moves nothing', async (t: TestContext) => {
  const [arrived, goOn] = [signal(), signal()]
  let gone: Promise<void> | undefined
  const planning = async () => {
    arrived.give()
    await (gone = goOn.promise)
  }
  const house = await warehouse(t, { executors: [shelfExecutor({ planning })] })
  const { ctx, environment } = house
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await arrived.promise
  await house.stop(200)
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id: id })).state, 'planning')
  await house.start([shelfExecutor()])
  const done = await ended(ctx, id)
  t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
  goOn.give()
  await gone
  await sleep(100)
  t.assert.deepStrictEqual(await countPuts(ctx.db, environment.id), { a: 1 })
  t.assert.strictEqual(
    (await kindsAbout(ctx, id)).filter((kind) => kind === 'deployment.succeeded').length,
    1,
  )
})

test('the one it was taken from does not take it back', async (t: TestContext) => {
  const [first, second] = [
    { arrived: signal(), goOn: signal() },
    { arrived: signal(), goOn: signal() },
  ]
  const waiting = ({ arrived, goOn }: typeof first) =>
    shelfExecutor({
      planning: async () => {
        arrived.give()
        await goOn.promise
      },
    })
  const house = await warehouse(t, { executors: [waiting(first)] })
  const { ctx } = house
  const release = await house.release({ a: '1' })
  const { id } = await ask(house, release.id)
  await first.arrived.promise
  await house.stop(200)
  await house.start([waiting(second)])
  await second.arrived.promise
  first.goOn.give()
  await sleep(200)
  t.assert.deepStrictEqual((await getDeployment(ctx, { deployment_id: id })).state, 'planning')
  second.goOn.give()
  const done = await ended(ctx, id)
  t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
})
