import { test, type TestContext } from 'node:test'
import { nudgeDispatch } from '#app/dispatches/nudge-dispatch.ts'
import { takeDispatch } from '#app/dispatches/take-dispatch.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { planChanges } from '#domain/plan.ts'
import type { Ending, Interlude, Look, OutsideExecutor } from '#executors/contract.ts'
import { ask } from './orders.ts'
import { ended, signal } from './wait-for.ts'
import { waitUntil } from './wait-until.ts'
import { warehouse } from './warehouse.ts'

type Answer = Ending | Interlude

/** A warehouse whose deployments are looked at, 10 seconds after they were handed over, as the test says. */
async function watched(t: TestContext) {
  const looks: Look[] = []
  let answer: (nth: number) => Promise<Answer> | Answer = () => ({ state: 'succeeded' })
  const executor: OutsideExecutor = {
    ...{ name: 'shelf', scope: 'outside', after_loss: 'look' },
    plan: async (task) => planChanges(task),
    apply: async (_order, tools) => {
      await tools.bind('run 7')
      return { state: 'waiting', look_in_seconds: 10 }
    },
    look: async (order, _tools, why) => {
      t.assert.strictEqual(order.outside_id, 'run 7')
      looks.push(why)
      return answer(looks.length)
    },
  }
  const house = await warehouse(t)
  let engine = await house.start([executor])
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  const dispatch = () =>
    house.ctx.db.selectFrom('dispatch').selectAll().where('deployment_id', '=', id).executeTakeFirst()
  await waitUntil(async () => (await dispatch())?.state === 'waiting', 'the hand-over')
  return {
    ...{ house, id, looks, dispatch },
    answer: (how: typeof answer) => void (answer = how),
    start: async () => void (engine = await house.start([executor])),
    async pass(seconds: number) {
      house.clock.now = new Date(house.clock.now.getTime() + seconds * 1000)
      await engine.sweep()
    },
  }
}

test('what is said while it is looked at makes another look follow at once', async (t: TestContext) => {
  const { house, id, looks, answer, pass } = await watched(t)
  const [begun, said] = [signal(), signal()]
  answer(async (nth) => {
    if (nth === 2) return { state: 'succeeded' }
    begun.give()
    await said.promise
    return { state: 'waiting', look_in_seconds: 1000 }
  })
  await pass(10)
  await begun.promise
  t.assert.ok(await nudgeDispatch(house.house, { executor: 'shelf', outside_id: 'run 7' }))
  t.assert.ok(!(await nudgeDispatch(house.house, { executor: 'other', outside_id: 'run 7' })))
  said.give()
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
  t.assert.strictEqual(looks.length, 2)
})

test('who looks may die: then the next one looks, and the deployment was never lost', async (t: TestContext) => {
  const { house, id, looks, dispatch, pass, start } = await watched(t)
  await house.stop()
  house.clock.now = new Date(house.clock.now.getTime() + 10_000)
  const taken = await takeDispatch(house.ctx, { deployment_id: id }, () => true)
  t.assert.strictEqual(taken?.next, 'look')
  t.assert.strictEqual(await takeDispatch(house.ctx, { deployment_id: id }, () => true), undefined)
  t.assert.strictEqual((await dispatch())?.state, 'waiting')
  await start()
  await pass(90)
  const done = await ended(house.ctx, id)
  t.assert.deepStrictEqual([done.state, done.attempt, looks.length], ['succeeded', 1, 1])
})

test('what has no end when its time is over has timed out, or did not stop, after a last look', async (t: TestContext) => {
  for (const cancel of [false, true]) {
    const { house, id, looks, answer, pass, dispatch } = await watched(t)
    answer(() => ({ state: 'waiting', look_in_seconds: 100_000 }))
    const canceled_at = house.clock.now
    if (cancel) {
      await cancelDeployment(house.as.releaser, { deployment_id: id })
      await waitUntil(() => looks.length === 1, 'the look by which it is stopped')
      await waitUntil(async () => Number((await dispatch())?.resume_at) === canceled_at.getTime() + 60_000)
    }
    await pass(cancel ? 60 : 3600)
    const done = await ended(house.ctx, id)
    t.assert.deepStrictEqual(
      [done.state, done.failure_code],
      cancel ? ['canceled', 'stop_unanswered'] : ['failed', 'timed_out'],
    )
    t.assert.deepStrictEqual(looks.at(-1), { canceling_since: cancel ? canceled_at : null, late: true })
    await house.stop()
  }
})
