import { after, before, test, type TestContext } from 'node:test'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { takeDispatch } from '#app/dispatches/take-dispatch.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { listLive } from '#app/live/list-live.ts'
import { readLog } from '#app/logs/read-log.ts'
import { planChanges } from '#domain/plan.ts'
import { kindsAbout } from './event-log.ts'
import { endless, kilnExecutor, made } from './kiln-executor.ts'
import { ask, liveOf, resultsOf, run } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended, reached, signal } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const kiln = kilnExecutor()
let shared: Warehouse
let close: () => Promise<void> | void
before(async () => {
  const t = { after: (hook: typeof close) => (close = hook) } as unknown as TestContext
  shared = await warehouse(t, { environments: 32, kind: 'data', executor: 'kiln' })
  await shared.start([kiln, shelfExecutor()])
})
after(() => close())

let used = 0
/** An environment of the test's own, in the one house of them all. */
function own(): Warehouse {
  const environment = shared.environments[used]
  if (!environment) throw new Error('more tests than environments')
  used += 1
  return { ...shared, environment }
}

async function linesOf({ ctx }: Warehouse, deployment_id: string): Promise<string[]> {
  const { lines } = await readLog(ctx, { deployment_id, after: 0, limit: 50 })
  return lines.map(({ text }) => text)
}

async function uncertain({ ctx, environment }: Warehouse) {
  const rows = await listLive(ctx, { environment_id: environment.id, limit: 10 })
  return rows.filter((row) => row.uncertain).map((row) => row.item_key)
}

test('what is said while it is planned stands in its log, between what went before and what comes after', async (t: TestContext) => {
  const house = own()
  kiln.plans.set(house.environment.id, async (task, tools) => {
    await tools.log('stdout', ['one to add'])
    return made(planChanges(task))
  })
  const { id, state } = await run(house, (await house.release({ a: '1' }, 'Logged')).id)
  t.assert.strictEqual(state, 'succeeded')
  t.assert.deepStrictEqual(await linesOf(house, id), [
    ...['requested', 'queued', 'planning', 'planning, by kiln', 'one to add'],
    ...['planned (1 create)', 'applying, by kiln', 'succeeded'],
  ])
  const effects = await house.ctx.db.selectFrom('plan_effect').select(['item_key', 'action']).execute()
  t.assert.deepStrictEqual(effects, [{ item_key: 'a', action: 'create' }])
})

test('it is told which try it is, of what it is a part, and what may be destroyed', async (t: TestContext) => {
  const house = own()
  const release = await house.release({ a: '1', b: '1' }, 'Told')
  await run(house, release.id, { select: ({ key }) => key === 'a' })
  const task = kiln.tasks.at(-1)!
  t.assert.deepStrictEqual(
    [task.attempt, task.selected, task.whole?.length, task.items.length, task.refresh, task.allow_destroy],
    [1, true, 2, 1, true, false],
  )
  t.assert.deepStrictEqual(task.settings, {})
})

test('canceled while it is planned, it is told to stop, and nothing was touched', async (t: TestContext) => {
  const house = own()
  const begun = signal()
  kiln.plans.set(house.environment.id, endless(begun.give))
  const { id } = await ask(house, (await house.release({ a: '1' }, 'Canceled')).id)
  await begun.promise
  await cancelDeployment(house.as.approver, { deployment_id: id })
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'canceled')
  t.assert.deepStrictEqual((await linesOf(house, id)).slice(-2), ['told to stop: canceled', 'canceled'])
  t.assert.deepStrictEqual(await uncertain(house), [])
})

test('a plan that takes longer than it may is ended', async (t: TestContext) => {
  const house = own()
  kiln.plans.set(
    house.environment.id,
    endless(() => {}),
  )
  await house.ctx.db
    .updateTable('environment')
    .set({ executor_settings: JSON.stringify({ timeout_seconds: 0.05 }) })
    .where('id', '=', house.environment.id)
    .execute()
  const failed = await run(house, (await house.release({ a: '1' }, 'Late')).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'timed_out'])
  t.assert.deepStrictEqual(await uncertain(house), [])
})

test('what cannot be planned has failed for the reason that was said, and nothing is uncertain', async (t: TestContext) => {
  const house = own()
  const failure = { state: 'failed', code: 'plan_failed', detail: 'main.tf:3: no such thing.' } as const
  kiln.plans.set(house.environment.id, () => failure)
  const failed = await run(house, (await house.release({ a: '1' }, 'Unplanned')).id)
  t.assert.deepStrictEqual(
    [failed.state, failed.failure_code, failed.failure_detail],
    ['failed', failure.code, failure.detail],
  )
  t.assert.deepStrictEqual([await uncertain(house), await liveOf(house)], [[], {}])
  t.assert.strictEqual((await linesOf(house, failed.id)).at(-1), `failed: ${failure.detail}`)
})

test('what would destroy without being allowed to fails at the plan, which can be looked at', async (t: TestContext) => {
  const house = own()
  const fault = { code: 'destroy_not_allowed', reason: 'It would destroy module.a.this.' }
  kiln.plans.set(house.environment.id, (task) => made(planChanges(task).map((one) => ({ ...one, fault }))))
  const release = await house.release({ a: '1' }, 'Destroying')
  const dry = await run(house, release.id, { dry_run: true })
  t.assert.deepStrictEqual([dry.state, dry.counts], ['planned', { faulty: 1 }])
  const failed = await run(house, release.id, { on_item_failure: 'continue' })
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'destroy_not_allowed'])
  t.assert.match(failed.failure_detail ?? '', /a: It would destroy module\.a\.this\. Nothing was changed\./)
  t.assert.deepStrictEqual(await resultsOf(house, failed.id), [['a', 'create', null, '1', 'failed']])
  t.assert.deepStrictEqual([await uncertain(house), await liveOf(house)], [[], {}])
})

test('what is another version and yet the same is live under the new one, where nothing else is done and beside what is', async (t: TestContext) => {
  const house = own()
  await run(house, (await house.release({ a: '1', b: '1' }, 'Before')).id)
  const none = { action: 'none', undo: 'none_needed' } as const
  kiln.plans.set(house.environment.id, (task) =>
    made(planChanges(task).map((one) => (one.key === 'a' ? { ...one, ...none } : one))),
  )
  const unchanged = await run(house, (await house.release({ a: '2', b: '1' }, 'Renamed')).id)
  t.assert.deepStrictEqual([unchanged.state, await liveOf(house)], ['unchanged', { a: '2', b: '1' }])
  t.assert.strictEqual((await linesOf(house, unchanged.id)).at(-1), 'unchanged (2 none)')
  const done = await run(house, (await house.release({ a: '3', b: '2' }, 'Both')).id)
  t.assert.deepStrictEqual([done.state, await liveOf(house)], ['succeeded', { a: '3', b: '2' }])
})

test('what was begun before its process died is uncertain until it is done, also where it cannot be planned again', async (t: TestContext) => {
  const house = own()
  const { ctx, environment } = house
  await house.stop()
  const { id } = await ask(house, (await house.release({ a: '1' }, 'Died')).id)
  const work = (await claimDeployment(ctx, environment.id))!
  const outside = { effects: [], kept: { state_version: 0 } }
  const plan = (await recordPlan(ctx, work, planChanges(work.task), { made: outside }))!
  await handOver(ctx, work, plan)
  await takeDispatch(ctx, { deployment_id: id }, () => true)
  let seen: string[] = []
  kiln.plans.set(environment.id, async () => {
    seen = await uncertain(house)
    return { state: 'failed', code: 'plan_failed', detail: 'Not this time.' }
  })
  await house.start([kiln, shelfExecutor()])
  const failed = await ended(ctx, id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code, failed.attempt], ['failed', 'plan_failed', 2])
  t.assert.match(failed.failure_detail ?? '', /An earlier attempt had begun/)
  t.assert.deepStrictEqual([seen, await uncertain(house)], [['a'], ['a']])
  kiln.plans.delete(environment.id)
  t.assert.strictEqual((await run(house, (await house.release({ a: '1' }, 'Again')).id)).state, 'succeeded')
  t.assert.deepStrictEqual(await uncertain(house), [])
})

test('a process that has to end hands back what it plans, and the next one plans it anew', async (t: TestContext) => {
  const house = own()
  const begun = signal()
  kiln.plans.set(house.environment.id, endless(begun.give))
  const { id } = await ask(house, (await house.release({ a: '1' }, 'Stopped')).id)
  await begun.promise
  await house.stop(200)
  const { state } = await reached(house.ctx, id, 'queued')
  t.assert.strictEqual(state, 'queued')
  kiln.plans.delete(house.environment.id)
  await house.start([kiln, shelfExecutor()])
  const done = await ended(house.ctx, id)
  t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
  t.assert.ok((await kindsAbout(house.ctx, id)).includes('deployment.requeued'))
})

test('however many plan at once, others go on beside them', async (t: TestContext) => {
  const planning = Array.from({ length: 20 }, own)
  const { ctx, project, as } = shared
  const release = await shared.release({ a: '1' }, 'Twenty')
  let begun = 0
  const all = signal()
  for (const { environment } of planning)
    kiln.plans.set(
      environment.id,
      endless(() => void ((begun += 1) === planning.length && all.give())),
    )
  const asked = await Promise.all(planning.map((house) => ask(house, release.id)))
  await all.promise
  const shop = await createEnvironment(ctx, { project_id: project.id, name: 'shop', executor: 'shelf' })
  const beside = await run({ ...shared, environment: shop }, release.id)
  t.assert.strictEqual(beside.state, 'succeeded')
  for (const { id } of asked) await cancelDeployment(as.approver, { deployment_id: id })
  for (const { id } of asked) t.assert.strictEqual((await ended(ctx, id)).state, 'canceled')
})
