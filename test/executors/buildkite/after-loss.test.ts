import { test, type TestContext } from 'node:test'
import { keepProgress } from '#app/dispatches/keep-dispatch.ts'
import { requeueLost } from '#app/dispatches/requeue-lost.ts'
import { takeDispatch, type Taken } from '#app/dispatches/take-dispatch.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { planChanges } from '#domain/plan.ts'
import { buildkiteExecutor } from '#executors/buildkite/index.ts'
import { openOutbound } from '#ground/outbound.ts'
import { ask } from '../../engine/orders.ts'
import { ended } from '../../engine/wait-for.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { warehouse } from '../../engine/warehouse.ts'
import { setExecutor } from '../command/command-house.ts'
import { buildkiteStandIn } from './stand-in.ts'

test('what a process that died may have created is looked for first: found it is not created again, else it is, once', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'buildkite' })
  const kite = await buildkiteStandIn(t)
  const { organization, pipeline, token, url } = kite
  const settings = { organization, pipeline, token, url, branch: 'main', timeout_seconds: 600 }
  await setExecutor(house.ctx.db, house.environment.id, 'buildkite', settings)
  const executor = buildkiteExecutor(openOutbound({ now: house.house.now }))

  /** As far as a process came that died after it had said that it would create a build. */
  const taken = async (): Promise<Taken> => {
    const work = (await claimDeployment(house.ctx, house.environment.id))!
    const plan = (await recordPlan(house.ctx, work, planChanges(work.task)))!
    await handOver(house.ctx, work, plan)
    const held = (await takeDispatch(house.ctx, { deployment_id: work.id }, () => true))!
    await keepProgress(house.ctx, held.dispatch, { tries: 0, unknown: true })
    return held
  }
  const passLater = async (number: number) => {
    await waitUntil(() => kite.builds.length === number)
    kite.move(number, { state: 'passed' })
    await waitUntil(async () => {
      house.clock.now = new Date(house.clock.now.getTime() + 11_000)
      await engine.sweep()
      return kite.calls.includes(`GET /builds/${number}`)
    })
  }

  const first = await ask(house, (await house.release({ a: '1' })).id)
  const lost = await taken()
  // It had arrived.
  const response = await fetch(`${url}/v2/organizations/${organization}/pipelines/${pipeline}/builds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      commit: 'HEAD',
      branch: 'main',
      meta_data: { headgate_dispatch: lost.dispatch.id },
    }),
  })
  t.assert.strictEqual(response.status, 201)
  await requeueLost(house.ctx, lost)
  const engine = await house.start([executor])
  await passLater(1)
  const found = await ended(house.ctx, first.id)
  t.assert.deepStrictEqual([found.state, found.attempt, kite.builds.length], ['succeeded', 2, 1])
  await house.stop()

  const second = await ask(house, (await house.release({ a: '2' })).id)
  await requeueLost(house.ctx, await taken())
  await house.start([executor])
  await passLater(2)
  t.assert.strictEqual((await ended(house.ctx, second.id)).state, 'succeeded')
  t.assert.deepStrictEqual(
    kite.calls.filter((call) => call.endsWith(' /builds')),
    ['POST /builds', 'GET /builds', 'GET /builds', 'POST /builds'],
  )
  t.assert.deepStrictEqual(kite.faults, [])
})
