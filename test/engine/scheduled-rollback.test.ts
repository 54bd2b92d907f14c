import { test, type TestContext } from 'node:test'
import { rejectDeployment } from '#app/approvals/reject-deployment.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { requestRollback, type RollbackRequest } from '#app/deployments/request-rollback.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { getHold } from '#app/holds/get-hold.ts'
import { pruneHouse } from '#app/retention/prune-house.ts'
import { ask, liveOf, run } from './orders.ts'
import { pass } from './quiet-house.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended, reached } from './wait-for.ts'
import { waitUntil } from './wait-until.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const hours = 3600

function rollBack({ as, environment }: Warehouse, terms: Partial<RollbackRequest> = {}) {
  return requestRollback(as.releaser, { environment_id: environment.id, ...terms })
}

function holdOf({ ctx, project, environment }: Warehouse) {
  return getHold(ctx, { project_id: project.id, environment_id: environment.id })
}

test('a rollback of an old deployment is scheduled, planned twice, and rolled back itself', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const { ctx, clock, project, environment } = house
  await run(house, (await house.release({ a: '1', b: '1' })).id)
  const old = await run(house, (await house.release({ a: '2', b: '2' }, 'Old')).id)
  pass(clock, 900 * 24 * hours)
  t.assert.ok(await pruneHouse(ctx, { events: 1, logs: 1, sessions: 1 }), 'and all that may go is gone')
  const due_at = new Date(clock.now.getTime() + 2 * hours * 1000)
  const { deployment } = await rollBack(house, { deployment_id: old.id, due_at })
  t.assert.deepStrictEqual([deployment.state, deployment.cause], ['requested', 'schedule'])
  const planOf = () => getPlan(ctx, { deployment_id: deployment.id })
  await waitUntil(async () => (await planOf()) !== undefined)
  const planned = await planOf()
  t.assert.deepStrictEqual(
    planned?.changes.map(({ key, before, after }) => [key, before, after]),
    [
      ['a', '2', '1'],
      ['b', '2', '1'],
    ],
  )
  t.assert.equal(await holdOf(house), undefined, 'until its time nothing is held')
  t.assert.equal((await run(house, (await house.release({ b: '3' }, 'Between')).id)).state, 'succeeded')

  // Somebody waits for approval when its time comes: nothing that waits for people stands in its way.
  const environment_id = environment.id
  await updateEnvironment(ctx, { project_id: project.id, environment_id, approvals_needed: 1 })
  const waits = await ask(house, (await house.release({ c: '1' }, 'Waits')).id)
  await reached(ctx, waits.id, 'awaiting_approval')
  // Nobody is told: who would be woken by it could take what waits before the time of the rollback is seen.
  const { id } = environment
  await ctx.db.updateTable('environment').set({ approvals_needed: 0 }).where('id', '=', id).execute()
  pass(clock, 2 * hours)
  await engine.sweep()
  t.assert.equal((await ended(ctx, deployment.id)).state, 'succeeded')
  t.assert.equal((await getDeployment(ctx, { deployment_id: waits.id })).state, 'canceled')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '3' }, 'what was changed between is left')
  t.assert.deepStrictEqual((await holdOf(house))?.revision_ids, [old.revision_id])

  const undone = await rollBack(house, { deployment_id: deployment.id })
  t.assert.equal((await ended(ctx, undone.deployment.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', b: '3' })
  t.assert.deepStrictEqual((await holdOf(house))?.revision_ids, [deployment.revision_id])
  const again = await rollBack(house, { deployment_id: undone.deployment.id })
  t.assert.equal((await ended(ctx, again.deployment.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '3' })
})

test('a rollback that comes to nothing leaves no hold behind', async (t: TestContext) => {
  let broken = false
  const house = await warehouse(t)
  const engine = await house.start([
    shelfExecutor({
      planning: () => {
        if (broken) throw new Error('the forklift is broken')
      },
    }),
  ])
  const { as, ctx, clock, project, environment } = house
  const here = { project_id: project.id, environment_id: environment.id }
  await run(house, (await house.release({ a: '1' })).id)
  await run(house, (await house.release({ a: '2' })).id)
  const released = () => waitUntil(async () => (await holdOf(house)) === undefined)

  await t.test('canceled', async () => {
    const { id: freeze_id } = await setFreeze(as.releaser, { ...here, reason: 'fire' })
    const { deployment } = await rollBack(house)
    t.assert.equal((await holdOf(house))?.revision_ids.length, 1)
    await cancelDeployment(as.releaser, { deployment_id: deployment.id })
    await released()
    await liftFreeze(as.approver, { ...here, freeze_id, reason: 'out' })
  })

  await t.test('failed', async () => {
    broken = true
    const { deployment } = await rollBack(house)
    t.assert.equal((await ended(ctx, deployment.id)).state, 'failed')
    broken = false
    await released()
  })

  await t.test('missed', async () => {
    const due_at = new Date(clock.now.getTime() + hours * 1000)
    const misfire = { policy: 'skip', late_by_at_most_seconds: 60 } as const
    const { deployment } = await rollBack(house, { due_at, misfire })
    pass(clock, 3 * hours)
    await engine.sweep()
    t.assert.equal((await ended(ctx, deployment.id)).state, 'expired')
    t.assert.equal(await holdOf(house), undefined)
  })

  await t.test('rejected, or not answered', async () => {
    await updateEnvironment(ctx, { ...here, approvals_needed: 1 })
    for (const answer of ['rejected', 'expired']) {
      const { deployment } = await rollBack(house)
      const { plan_digest } = await reached(ctx, deployment.id, 'awaiting_approval')
      if (answer === 'rejected')
        await rejectDeployment(as.approver, { deployment_id: deployment.id, plan_digest: plan_digest! })
      else {
        pass(clock, 25 * hours)
        await engine.sweep()
      }
      t.assert.equal((await ended(ctx, deployment.id)).state, answer)
      await released()
    }
    await updateEnvironment(ctx, { ...here, approvals_needed: 0 })
  })

  await t.test('and what another one named stays named', async () => {
    const { deployment } = await rollBack(house)
    await ended(ctx, deployment.id)
    const before = await holdOf(house)
    broken = true
    const undo = await rollBack(house, { deployment_id: deployment.id })
    t.assert.notDeepStrictEqual((await holdOf(house))?.revision_ids, before?.revision_ids)
    t.assert.equal((await ended(ctx, undo.deployment.id)).state, 'failed')
    await waitUntil(async () => (await holdOf(house))?.deployment_id === deployment.id)
    const after = await holdOf(house)
    t.assert.deepStrictEqual(after?.revision_ids, before?.revision_ids)
  })
})
