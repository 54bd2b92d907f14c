import { test, type TestContext } from 'node:test'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { isDomainError } from '#domain/errors.ts'
import { testStore } from '../fresh-store.ts'
import { kindsAbout } from './event-log.ts'
import { ask, liveOf } from './orders.ts'
import { readShelf, shelfExecutor } from './shelf-executor.ts'
import { ended, reached, signal } from './wait-for.ts'
import { warehouse } from './warehouse.ts'

test('a deployment canceled while it is planned stops before it changes anything', async (t: TestContext) => {
  const [arrived, goOn] = [signal(), signal()]
  let first = true
  const planning = async () => {
    if (!first) return
    first = false
    arrived.give()
    await goOn.promise
  }
  const house = await warehouse(t, { executors: [shelfExecutor({ planning })] })
  const { ctx, as, environment } = house
  const release = await house.release({ a: '1' })
  const one = await ask(house, release.id)
  await arrived.promise
  const two = await ask(house, release.id)

  const asked = await cancelDeployment(as.releaser, { deployment_id: one.id, reason: 'not today' })
  t.assert.strictEqual(asked.state, 'canceling')
  t.assert.deepStrictEqual(asked.allowed_actions, [])
  const again = await cancelDeployment(as.releaser, { deployment_id: one.id }).catch(
    (error: unknown) => error,
  )
  t.assert.ok(isDomainError(again, 'not_possible_now') && again.details.state === 'canceling')
  t.assert.strictEqual(
    (await getDeployment(ctx, { deployment_id: two.id })).state,
    'queued',
    'it still holds the place',
  )

  goOn.give()
  const end = await ended(ctx, one.id)
  t.assert.strictEqual(end.state, 'canceled')
  t.assert.deepStrictEqual(end.finished_at, house.clock.now)
  t.assert.deepStrictEqual(await kindsAbout(ctx, one.id), [
    'deployment.requested',
    'deployment.started',
    'deployment.cancel_requested',
    'deployment.canceled',
  ])
  t.assert.strictEqual((await ended(ctx, two.id)).state, 'succeeded', 'the next one runs')
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { a: '1' })
})

// On the embedded store there is one connection: while a plan is applied nobody else can say anything.
test(
  'a deployment canceled while it is applied takes back what it did',
  { skip: testStore === 'embedded' },
  async (t: TestContext) => {
    const [arrived, goOn] = [signal(), signal()]
    const applying = async () => {
      arrived.give()
      await goOn.promise
    }
    const house = await warehouse(t, { executors: [shelfExecutor({ applying })] })
    const { ctx, as, environment } = house
    const one = await ask(house, (await house.release({ a: '1' })).id)
    await arrived.promise
    t.assert.strictEqual((await reached(ctx, one.id, 'applying')).state, 'applying')
    t.assert.strictEqual((await cancelDeployment(as.approver, { deployment_id: one.id })).state, 'canceling')
    goOn.give()
    t.assert.strictEqual((await ended(ctx, one.id)).state, 'canceled')
    t.assert.deepStrictEqual(await liveOf(house), {})
    t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), {})
    t.assert.deepStrictEqual((await kindsAbout(ctx, one.id)).slice(-3), [
      'deployment.planned',
      'deployment.cancel_requested',
      'deployment.canceled',
    ])
  },
)

test(
  'a deployment canceled while it breaks is canceled, and the next one runs',
  { skip: testStore === 'embedded' },
  async (t: TestContext) => {
    const [arrived, goOn] = [signal(), signal()]
    let first = true
    const applying = async () => {
      if (!first) return
      first = false
      arrived.give()
      await goOn.promise
      throw new Error('broke')
    }
    const house = await warehouse(t, { executors: [shelfExecutor({ applying })] })
    const release = await house.release({ a: '1' })
    const one = await ask(house, release.id)
    await arrived.promise
    const two = await ask(house, release.id)
    await cancelDeployment(house.as.approver, { deployment_id: one.id })
    goOn.give()
    t.assert.strictEqual((await ended(house.ctx, one.id)).state, 'canceled')
    t.assert.strictEqual((await ended(house.ctx, two.id)).state, 'succeeded')
  },
)

test('a cancel that races the start is either in time or refused, never lost', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const release = await house.release({ a: '1' })
  for (let round = 0; round < 20; round += 1) {
    const { id } = await ask(house, release.id, { forced: true })
    const answer = await cancelDeployment(house.as.approver, { deployment_id: id }).then(
      () => 'canceled',
      (error: unknown) => {
        if (isDomainError(error, 'not_possible_now')) return error.details.state
        throw error
      },
    )
    const { state } = await ended(house.ctx, id)
    // Refused only because it was over: whatever it was doing when the cancel came, it could have been stopped.
    t.assert.ok(
      answer === 'canceled' ? state === 'canceled' : answer === 'succeeded' && state === 'succeeded',
      `${answer}, ${state}`,
    )
  }
})
