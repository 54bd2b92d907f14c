import { after, before, test, type TestContext } from 'node:test'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { keepSealed } from '#app/blobs/keep-sealed.ts'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { planChanges } from '#domain/plan.ts'
import { kilnExecutor, made } from './kiln-executor.ts'
import { ask, liveOf, run, type Terms } from './orders.ts'
import { ended, reached } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const kiln = kilnExecutor()
let shared: Warehouse
let close: () => Promise<void> | void
before(async () => {
  const t = { after: (hook: typeof close) => (close = hook) } as unknown as TestContext
  shared = await warehouse(t, { environments: 12, kind: 'data', executor: 'kiln', executors: [kiln] })
})
after(() => close())

let used = 0
function own(): Warehouse {
  const environment = shared.environments[used]
  if (!environment) throw new Error('more tests than environments')
  used += 1
  kiln.current = () => true
  return { ...shared, environment }
}

/** Its plan asks for approval itself. Answers as it waits for that. */
async function asking(house: Warehouse, reason: string, terms: Terms = {}) {
  kiln.plans.set(house.environment.id, (task) => made(planChanges(task), { needs_approval: reason }))
  const { id } = await ask(house, (await house.release({ a: '1' }, reason)).id, terms)
  const { plan_digest } = await reached(house.ctx, id, 'awaiting_approval')
  return { deployment_id: id, plan_digest: plan_digest! }
}

async function deploy({ as, project, environment }: Warehouse, plan_id: string): Promise<string> {
  const here = { project_id: project.id, environment_id: environment.id }
  return (await deployPlan(as.releaser, { ...here, plan_id })).id
}

const ordersOf = (id: string) => kiln.orders.filter(({ subject_id }) => subject_id === id)

test('a plan that asks for approval itself waits for it, says why, and is applied as it was kept', async (t: TestContext) => {
  const house = own()
  const { ctx, as, environment, project } = house
  const answer = await asking(house, 'It replaces a database.')
  const { deployment_id } = answer
  const places = { project_id: project.id, environment_id: environment.id }
  const { blockers, approvals } = await explainGates(as.viewer, { ...places, deployment_id })
  t.assert.deepStrictEqual(approvals, { needed: 1, given: 0 })
  t.assert.match(blockers[0]?.detail ?? '', /0 of 1 approvals are there\. It replaces a database\./)
  const planned = kiln.tasks.length
  await approveDeployment(as.approver, answer)
  t.assert.strictEqual((await ended(ctx, deployment_id)).state, 'succeeded')
  t.assert.strictEqual(kiln.tasks.length, planned, 'it is not planned again')
  t.assert.deepStrictEqual(ordersOf(deployment_id)[0]?.plan?.kept, { state_version: 0 })
})

test('what was applied since a plan was approved makes it stale, and nothing is changed', async (t: TestContext) => {
  const house = own()
  const answer = await asking(house, 'Stale.')
  kiln.current = () => false
  await approveDeployment(house.as.approver, answer)
  const failed = await ended(house.ctx, answer.deployment_id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'plan_stale'])
  t.assert.match(failed.failure_detail ?? '', /Something was applied since/)
  t.assert.deepStrictEqual([ordersOf(failed.id), await liveOf(house)], [[], {}])
})

test('a stored plan is deployed as it is, without planning anew, and once only', async (t: TestContext) => {
  const house = own()
  const { ctx, environment } = house
  const release = await house.release({ a: '1' }, 'Stored')
  const dry = await run(house, release.id, { dry_run: true })
  const { id: plan_id } = (await getPlan(ctx, { deployment_id: dry.id }))!
  kiln.plans.set(environment.id, () => {
    throw new Error('nobody plans it')
  })
  const done = await ended(ctx, await deploy(house, plan_id))
  t.assert.deepStrictEqual(
    [done.state, done.plan_id, await liveOf(house)],
    ['succeeded', plan_id, { a: '1' }],
  )
  t.assert.deepStrictEqual(ordersOf(done.id)[0]?.plan?.kept, { state_version: 0 })
  const again = await ended(ctx, await deploy(house, plan_id))
  t.assert.deepStrictEqual([again.state, again.failure_code], ['failed', 'plan_stale'])
  t.assert.match(again.failure_detail ?? '', /What is live has changed since the plan was made \(a\)/)
})

test('a stored plan whose state moved on, or of which nothing is left, says so', async (t: TestContext) => {
  const house = own()
  const { ctx, house: ground, environment } = house
  const blob = await keepSealed(ground, Buffer.from('a plan'), 'plan')
  kiln.plans.set(environment.id, (task) => made(planChanges(task), { kept: { blob, state_version: 0 } }))
  const dry = await run(house, (await house.release({ a: '1' }, 'Lost')).id, { dry_run: true })
  kiln.current = () => false
  const moved = await ended(ctx, await deploy(house, dry.plan_id!))
  t.assert.deepStrictEqual([moved.failure_code, moved.plan_id], ['plan_stale', dry.plan_id])
  t.assert.match(moved.failure_detail ?? '', /Something was applied since the plan was made/)
  kiln.current = () => true
  await ground.blobs.remove(blob)
  const lost = await ended(ctx, await deploy(house, dry.plan_id!))
  t.assert.strictEqual(lost.failure_code, 'plan_stale')
  t.assert.match(lost.failure_detail ?? '', /What was kept of the plan is gone/)
  t.assert.deepStrictEqual(await liveOf(house), {})
})

test('a stored plan that asks for approval asks for it again where it is deployed', async (t: TestContext) => {
  const house = own()
  kiln.plans.set(house.environment.id, (task) => made(planChanges(task), { needs_approval: 'Twice.' }))
  const dry = await run(house, (await house.release({ a: '1' }, 'Twice')).id, { dry_run: true })
  t.assert.strictEqual(dry.state, 'planned')
  const id = await deploy(house, dry.plan_id!)
  const { plan_digest } = await reached(house.ctx, id, 'awaiting_approval')
  await approveDeployment(house.as.approver, { deployment_id: id, plan_digest: plan_digest! })
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
})

test('what cannot have changed is unchanged without asking anybody, and only then', async (t: TestContext) => {
  const house = own()
  const { ctx, environment } = house
  const state = { environment_id: environment.id, updated_at: ctx.now() }
  await ctx.db.insertInto('infra_environment').values(state).execute()
  await ctx.db
    .insertInto('infra_state')
    .values({ ...state, version: 7 })
    .execute()
  const kept = { state_version: 7 }
  kiln.plans.set(environment.id, (task) => made(planChanges(task), { kept }))
  const release = await house.release({ a: '1', b: '1' }, 'Settled')
  const asked = async (terms: Terms & { refresh?: boolean } = {}, releaseId = release.id) => {
    const before = kiln.tasks.length
    const { refresh = false, ...rest } = terms
    const { state: end } = await runWith(house, releaseId, refresh, rest)
    return [end, kiln.tasks.length - before]
  }
  t.assert.deepStrictEqual(await asked(), ['succeeded', 1])
  t.assert.deepStrictEqual(await asked(), ['unchanged', 0])
  t.assert.deepStrictEqual(await asked({ select: ({ key }) => key === 'a' }), ['unchanged', 0])
  t.assert.deepStrictEqual(
    await asked({ refresh: true }),
    ['unchanged', 1],
    'what is there is to be looked at',
  )
  t.assert.deepStrictEqual(await asked({ dry_run: true }), ['planned', 1], 'a plan was asked for')
  t.assert.deepStrictEqual(await asked({ forced: true }), ['succeeded', 1])
  kiln.fire = () => ({ state: 'failed', code: 'no', detail: 'No.', untouched: true })
  t.assert.deepStrictEqual(await asked({ forced: true }), ['failed', 1])
  t.assert.deepStrictEqual(await asked(), ['unchanged', 1], 'the last one that was applied did not succeed')
  t.assert.deepStrictEqual(await asked(), ['unchanged', 0], 'a full plan found it as it should be')
  await ctx.db
    .updateTable('infra_state')
    .set({ version: 8 })
    .where('environment_id', '=', environment.id)
    .execute()
  t.assert.deepStrictEqual(await asked(), ['unchanged', 1], 'somebody else wrote a state')
  t.assert.deepStrictEqual(await asked(), ['unchanged', 1], 'and that one was not looked at by this plan')
  kiln.fire = () => ({ state: 'succeeded' })
  const smaller = await house.release({ a: '1' }, 'Smaller')
  kept.state_version = 8
  t.assert.deepStrictEqual(await asked(), ['unchanged', 1])
  t.assert.deepStrictEqual(await asked({}, smaller.id), ['succeeded', 1], 'something else is live')
})

/** As `run`, by what the row says of refreshing. */
async function runWith(house: Warehouse, releaseId: string, refresh: boolean, terms: Terms) {
  const { id } = await ask(house, releaseId, { ...terms, refresh } as Terms)
  await ended(house.ctx, id)
  return getDeployment(house.ctx, { deployment_id: id })
}
