import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { transact } from '#app/context.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { setDeployerIn } from '#app/environments/set-deployer.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import { planChanges, type Change, type PlanInput } from '#domain/plan.ts'
import type { Ending, OutsideExecutor } from '#executors/contract.ts'
import { craneExecutor } from './crane-executor.ts'
import { ask, liveOf } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended, reached, signal } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

/** A crane that says what it lifted. */
function counting(more: Partial<OutsideExecutor> = {}) {
  const lifted: (readonly Change[])[] = []
  const lift = (changes: readonly Change[]): Ending => {
    lifted.push(changes)
    return { state: 'succeeded' }
  }
  return { lifted, crane: { ...craneExecutor({ lift }), ...more } }
}

async function claimed(house: Warehouse, items: Record<string, string>) {
  const { id } = await ask(house, (await house.release(items)).id)
  return { id, work: (await claimDeployment(house.ctx, house.environment.id))! }
}

const torn = (task: PlanInput): Change[] =>
  planChanges(task).map((change) =>
    change.key === 'b' ? { ...change, fault: { code: 'torn', reason: 'It is torn.' } } : change,
  )

test('nothing is published where an item fails, also after a loss before it was handed over', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'crane' })
  const { id, work } = await claimed(house, { a: '1', b: '1' })
  await recordPlan(house.ctx, work, torn(work.task))
  const { crane, lifted } = counting({ plan: async (task) => torn(task) })
  await house.start([crane])
  const { state, failure_code } = await ended(house.ctx, id)
  t.assert.deepStrictEqual([state, failure_code, lifted.length], ['failed', 'items_failed', 0])
  t.assert.deepStrictEqual(await liveOf(house), {})
})

test('what could not be planned is not run, also after a loss before it failed', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'crane' })
  const { id, work } = await claimed(house, { a: '1' })
  await recordPlan(house.ctx, { ...work, forced: true }, [], { cleared: true })
  const { crane, lifted } = counting({ plan: () => Promise.reject(new Error('nobody can plan this')) })
  await house.start([crane])
  const { state, failure_code } = await ended(house.ctx, id)
  t.assert.deepStrictEqual([state, failure_code, lifted.length], ['failed', 'planning_failed', 0])
})

test('a freeze that is set while it waits for a place outside keeps it from being begun, and it goes on afterwards', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'crane' })
  const { ctx, environment, project, clock } = house
  const { id, work } = await claimed(house, { a: '1' })
  const plan = await recordPlan(ctx, work, planChanges(work.task))
  await handOver(ctx, work, plan!)
  const expires_at = new Date(clock.now.getTime() + 60_000)
  await setFreeze(ctx, {
    project_id: project.id,
    environment_id: environment.id,
    reason: 'Stop.',
    expires_at,
  })
  const { crane, lifted } = counting()
  const engine = await house.start([crane])
  await reached(ctx, id, 'queued')
  t.assert.deepStrictEqual(lifted, [])
  clock.now = new Date(expires_at.getTime() + 1000)
  await engine.sweep()
  t.assert.strictEqual((await ended(ctx, id)).state, 'succeeded')
  t.assert.strictEqual(lifted.length, 1)
})

test('a process that was given up for dead hands nothing over', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'crane' })
  const { id, work } = await claimed(house, { a: '1' })
  const plan = (await recordPlan(house.ctx, work, planChanges(work.task)))!
  const { crane, lifted } = counting()
  await house.start([crane])
  await ended(house.ctx, id)
  t.assert.strictEqual(await handOver(house.ctx, work, plan), false)
  t.assert.strictEqual(lifted.length, 1)
})

test('never two at once where an environment deploys in another way meanwhile: it goes on as it began', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'crane' })
  const { ctx, project, environment } = house
  const [began, go] = [signal(), signal()]
  const apply = async () => {
    began.give()
    await go.promise
    return { state: 'succeeded' } as const
  }
  const crane = { ...craneExecutor({ after_loss: 'never' }), apply }
  const planned: DeploymentState[] = []
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  const planning = async () => {
    planned.push((await getDeployment(ctx, { deployment_id: id })).state)
  }
  await house.start([crane, shelfExecutor({ planning })])
  await began.promise
  const place = { project_id: project.id, environment_id: environment.id }
  await transact(ctx, (unit) => setDeployerIn(ctx, unit, { ...place, executor: 'shelf', settings: {} }))
  const next = await ask(house, (await house.release({ a: '2' }, 'Next')).id)
  await settled(house)
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id: next.id })).state, 'queued')
  go.give()
  t.assert.deepStrictEqual([(await ended(ctx, id)).state, (await ended(ctx, id)).attempt], ['succeeded', 1])
  await reached(ctx, next.id, 'succeeded')
  t.assert.deepStrictEqual(planned, ['succeeded'])
})

/** Whoever was woken to look at the environment has looked. */
async function settled({ ctx }: Warehouse): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ left: number }>`select count(*)::int as left from job.job
      where name = 'run-environment' and state in ('created', 'retry', 'active')`.execute(ctx.db)
    if (rows[0]?.left === 0) return
    await sleep(10)
  }
}
