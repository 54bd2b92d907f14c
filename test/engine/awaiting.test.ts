import { test, type TestContext } from 'node:test'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { claimApproved } from '#app/deployments/claim-approved.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { refusal } from '../app/refusal.ts'
import { awaiting, carefulHouse, requireApprovals } from './careful-house.ts'
import { ask, liveOf, run } from './orders.ts'
import { pass } from './quiet-house.ts'
import { ended, reached } from './wait-for.ts'

const careful = carefulHouse()

test('an unanswered approval expires, also when the clock jumps, and lets the next one in', async (t: TestContext) => {
  const { house, sweep } = await careful()
  const { as, ctx, clock } = house
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  const next = await ask(house, (await house.release({ a: '2' })).id, { dry_run: true })
  pass(clock, -7200)
  await sweep()
  pass(clock, 7200 + 3599)
  await sweep()
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id })).state, 'awaiting_approval')
  pass(clock, 86_400)
  await refusal(() => approveDeployment(as.approver, { deployment_id, plan_digest }), 'not_possible_now')
  await sweep()
  const expired = await getDeployment(ctx, { deployment_id })
  t.assert.deepStrictEqual([expired.state, expired.failure_code], ['expired', 'approval_timed_out'])
  t.assert.strictEqual((await ended(ctx, next.id)).state, 'planned')
})

test('canceled while it waits, it lets the next one in', async (t: TestContext) => {
  const { house } = await careful()
  const { id: deployment_id } = await awaiting(house, { a: '1' })
  const next = await ask(house, (await house.release({ a: '2' })).id, { dry_run: true })
  await cancelDeployment(house.as.approver, { deployment_id })
  t.assert.strictEqual((await ended(house.ctx, next.id)).state, 'planned')
})

test('a rollback cancels what awaits approval', async (t: TestContext) => {
  const { house } = await careful(0)
  const { ctx, as, environment } = house
  await run(house, (await house.release({ a: '1' })).id)
  await requireApprovals(house, 1)
  const { id: deployment_id } = await awaiting(house, { a: '2' })
  const { deployment } = await requestRollback(as.releaser, { environment_id: environment.id })
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id })).state, 'canceled')
  // It has a plan first, like anything else, and that has to be agreed to.
  await reached(ctx, deployment.id, 'awaiting_approval')
})

test('approval is accepted while it waits for its time: the same digest keeps it, any other voids it', async (t: TestContext) => {
  const { house, sweep } = await careful()
  const { ctx, as, clock, environment } = house
  const due_at = new Date(clock.now.getTime() + 3_600_000)
  const planned = async (items: Record<string, string>) => {
    const { id } = await ask(house, (await house.release(items)).id, { due_at })
    for (;;) {
      const view = await getDeployment(ctx, { deployment_id: id })
      if (view.plan_digest) return { deployment_id: id, plan_digest: view.plan_digest, view }
    }
  }
  const kept = await planned({ a: '1' })
  t.assert.deepStrictEqual(kept.view.allowed_actions, ['approve', 'cancel'])
  await approveDeployment(as.approver, kept)
  const voided = await planned({ b: '1' })
  await approveDeployment(as.approver, voided)
  await ctx.db
    .insertInto('live')
    .values({
      environment_id: environment.id,
      item_key: 'b',
      kind: 'box',
      title: 'Box b',
      version: '7',
      updated_at: ctx.now(),
    })
    .execute()
  pass(clock, 3600)
  await sweep()
  t.assert.strictEqual((await ended(ctx, kept.deployment_id)).state, 'succeeded')
  const { plan_digest } = await reached(ctx, voided.deployment_id, 'awaiting_approval')
  t.assert.notStrictEqual(plan_digest, voided.plan_digest)
})

test('what was approved and not begun is taken up by whoever comes next', async (t: TestContext) => {
  const { house, stop, start } = await careful()
  const { ctx, as } = house
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  await stop()
  await approveDeployment(as.approver, { deployment_id, plan_digest })
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id })).state, 'applying')
  await start()
  const done = await ended(ctx, deployment_id)
  t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
})

test('lost while it was applied, it is planned anew, and what was approved stays approved where that is the same', async (t: TestContext) => {
  const { house, stop, start } = await careful()
  const { ctx, as, environment } = house
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  await stop()
  await approveDeployment(as.approver, { deployment_id, plan_digest })
  // Two processes see it, one gets it, and dies with it in hand.
  const taken = await Promise.all([claimApproved(ctx, environment.id), claimApproved(ctx, environment.id)])
  t.assert.strictEqual(taken.filter(Boolean).length, 1)
  await start()
  t.assert.strictEqual((await ended(ctx, deployment_id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})
