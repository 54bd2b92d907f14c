import { test, type TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan, getPlanById } from '#app/deployments/get-plan.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { refusal } from '../app/refusal.ts'
import { ask, liveOf, resultsOf, run } from './orders.ts'
import { readShelf, shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { sharedWarehouse, warehouse, type Warehouse } from './warehouse.ts'

const warehouseHere = sharedWarehouse([shelfExecutor()])

/** Deploys a plan to the first environment and waits for its end. */
async function deploy(house: Warehouse, plan_id: string, terms = {}) {
  const { as, ctx, project, environment } = house
  const here = { project_id: project.id, environment_id: environment.id }
  const { id } = await deployPlan(as.releaser, { ...here, plan_id, ...terms })
  await ended(ctx, id)
  return getDeployment(ctx, { deployment_id: id })
}

async function planOf(house: Warehouse, deployment_id: string) {
  const plan = await getPlan(house.ctx, { deployment_id })
  if (!plan) throw new Error('it has no plan')
  return plan
}

test('dry_run stops at the plan, which is stored, has a digest and can be deployed as it is', async (t: TestContext) => {
  const house = await warehouseHere()
  await run(house, (await house.release({ a: '1', gone: '1' })).id)
  const next = await house.release({ a: '2', b: '1', gone: null }, 'Next')
  const dry = await run(house, next.id, { dry_run: true })
  t.assert.strictEqual(dry.state, 'planned')
  const plan = await planOf(house, dry.id)
  t.assert.deepStrictEqual(
    plan.changes.map(({ key, action, before, after, undo }) => [key, action, before, after, undo]),
    [
      ['a', 'publish', '1', '2', 'restore'],
      ['b', 'publish', null, '1', 'unpublish'],
      ['gone', 'unpublish', '1', null, 'restore'],
    ],
  )
  t.assert.match(plan.digest, /^sha256:[0-9a-f]{64}$/)
  t.assert.deepStrictEqual([plan.counts, plan.stale], [{ publish: 2, unpublish: 1 }, false])
  t.assert.deepStrictEqual([plan.irreversible, plan.faults, plan.conflicts], [[], [], []])

  // The release has moved on; the plan has not.
  await house.pin(next.id, { a: '9' })
  const done = await deploy(house, plan.id)
  t.assert.deepStrictEqual(
    [done.state, done.plan_id, done.deploys_plan, done.revision_id],
    ['succeeded', plan.id, plan.id, dry.revision_id],
  )
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', b: '1' })
  t.assert.strictEqual((await planOf(house, done.id)).digest, plan.digest)
  t.assert.strictEqual((await getPlanById(house.ctx, { plan_id: plan.id })).stale, true, 'it is done')
})

test('a deployment of a plan applies exactly that plan or fails with plan_stale, having changed nothing', async (t: TestContext) => {
  const house = await warehouseHere()
  await run(house, (await house.release({ a: '1' })).id)
  const dry = await run(house, (await house.release({ a: '2', b: '2' })).id, { dry_run: true })
  const plan = await planOf(house, dry.id)
  await run(house, (await house.release({ b: '1' }, 'Between')).id)
  const stale = await deploy(house, plan.id)
  t.assert.deepStrictEqual([stale.state, stale.failure_code], ['failed', 'plan_stale'])
  t.assert.match(stale.failure_detail ?? '', /nothing was changed/)
  t.assert.deepStrictEqual(await readShelf(house.ctx.db, house.environment.id), { a: '1', b: '1' })
  t.assert.deepStrictEqual(stale.allowed_actions, [], 'it is planned anew, not tried again')
  t.assert.strictEqual((await deploy(house, plan.id, { dry_run: true })).failure_code, 'plan_stale')

  await run(house, (await house.release({ b: null }, 'Back')).id)
  t.assert.strictEqual((await deploy(house, plan.id)).state, 'succeeded', 'it is true again')
})

test('what comes in its way while it waits its turn makes a plan stale, too', async (t: TestContext) => {
  let open = () => {}
  let gate: Promise<void> | undefined
  const house = await warehouse(t, { executors: [shelfExecutor({ planning: () => gate })] })
  const dry = await run(house, (await house.release({ a: '2' })).id, { dry_run: true })
  const plan = await planOf(house, dry.id)
  gate = new Promise((resolve) => (open = resolve))
  const other = await ask(house, (await house.release({ a: '1' }, 'Other')).id)
  const waiting = deploy(house, plan.id)
  open()
  t.assert.strictEqual((await waiting).failure_code, 'plan_stale')
  t.assert.strictEqual((await ended(house.ctx, other.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})

test('what becomes live between the look and the deed makes a plan stale, in the transaction that applies', async (t: TestContext) => {
  let meddle = false
  const house = await warehouse(t, {
    executors: [
      shelfExecutor({
        planning: async () => {
          if (!meddle) return
          // After live was read for this attempt: what another driver reports is not in the queue.
          const row = { environment_id: house.environment.id, item_key: 'a', kind: 'box', title: 'A' }
          await house.ctx.db
            .insertInto('live')
            .values({ ...row, version: '7', updated_at: house.ctx.now() })
            .execute()
        },
      }),
    ],
  })
  const dry = await run(house, (await house.release({ a: '2' })).id, { dry_run: true })
  meddle = true
  const stale = await deploy(house, (await planOf(house, dry.id)).id)
  t.assert.deepStrictEqual([stale.state, stale.failure_code], ['failed', 'plan_stale'])
  t.assert.deepStrictEqual(await liveOf(house), { a: '7' })
  t.assert.deepStrictEqual(await readShelf(house.ctx.db, house.environment.id), {})
})

test('a plan keeps what was selected, and that it was forced', async (t: TestContext) => {
  const house = await warehouseHere()
  const release = await house.release({ a: '1', b: '1' })
  await run(house, release.id, { select: ({ key }) => key === 'a' })
  const dry = await run(house, release.id, {
    select: ({ key }) => key === 'a',
    dry_run: true,
    forced: true,
  })
  const done = await deploy(house, (await planOf(house, dry.id)).id)
  t.assert.deepStrictEqual(await resultsOf(house, done.id), [['a', 'publish', '1', '1', 'done']])
  t.assert.deepStrictEqual([done.forced, done.selected_keys], [true, ['a']])
})

test('the plan of a rollback is deployed as that rollback, and leaves its conflicts', async (t: TestContext) => {
  const house = await warehouseHere()
  const { as, ctx, environment } = house
  await run(house, (await house.release({ a: '1', b: '1' })).id)
  const bad = await run(house, (await house.release({ a: '2', b: '2' }, 'Bad')).id)
  await run(house, (await house.release({ b: '3' }, 'Since')).id)
  const asked = { environment_id: environment.id, deployment_id: bad.id, dry_run: true }
  const { deployment, conflicts } = await requestRollback(as.releaser, asked)
  t.assert.deepStrictEqual(
    conflicts.map(({ key }) => key),
    ['b'],
  )
  t.assert.strictEqual((await ended(ctx, deployment.id)).state, 'planned')
  const done = await deploy(house, (await planOf(house, deployment.id)).id)
  t.assert.deepStrictEqual([done.state, done.rolls_back], ['succeeded', bad.id])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '3' })
})

test('a plan of another environment or project, or of a release that was removed, is refused with the reason', async (t: TestContext) => {
  const house = await warehouseHere({ environments: 2 })
  const { as, ctx, environments, environment, project } = house
  const release = await house.release({ a: '1' })
  const dry = await run(house, release.id, { dry_run: true })
  const plan_id = (await planOf(house, dry.id)).id
  const here = { project_id: project.id, environment_id: environment.id }
  const why = async (request: object) => {
    const { faults } = await refusal(() => deployPlan(ctx, { ...here, plan_id, ...request }), 'invalid')
    return faults.map(({ field, detail }) => `${field} ${detail}`).join()
  }
  t.assert.strictEqual(
    await why({ environment_id: environments[1]!.id }),
    'plan is a plan for shelf 1; plan it here',
  )
  t.assert.strictEqual(await why({ project_id: ctx.newId() }), 'plan is a plan of another project')
  await refusal(() => deployPlan(as.releaser, { ...here, plan_id: ctx.newId() }), 'not_found')
  await refusal(() => deployPlan(as.viewer, { ...here, plan_id }), 'forbidden')
  const stranger = asPrincipal(ctx, { ...as.releaser.principal!, grants: [] })
  await refusal(() => deployPlan(stranger, { ...here, plan_id }), 'not_found')
  await refusal(() => getPlanById(stranger, { plan_id }), 'not_found')
  await removeRelease(ctx, { project_id: project.id, release_id: release.id })
  t.assert.strictEqual(await why({}), 'plan is a plan of a release that was removed')
})
