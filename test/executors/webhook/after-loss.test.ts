import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { receiveCallback } from '#app/dispatches/receive-callback.ts'
import { keepProgress, openCallbackToken } from '#app/dispatches/keep-dispatch.ts'
import { requeueLost } from '#app/dispatches/requeue-lost.ts'
import { takeDispatch, type Taken } from '#app/dispatches/take-dispatch.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { listLive } from '#app/live/list-live.ts'
import { planChanges } from '#domain/plan.ts'
import { webhookExecutor } from '#executors/webhook/index.ts'
import { openOutbound } from '#ground/outbound.ts'
import { ask } from '../../engine/orders.ts'
import { ended, reached } from '../../engine/wait-for.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { warehouse } from '../../engine/warehouse.ts'
import { serve } from '../../ground/receiver.ts'
import { setExecutor } from '../command/command-house.ts'
import { secret } from './webhook-house.ts'

/** A quiet house whose environment is told to by a receiver of the test's own, and nobody who works yet. */
async function quietWebhook(t: TestContext) {
  const house = await warehouse(t, { executor: 'webhook' })
  const calls: { method: string; path: string; id: string; callback: { url: string; token: string } }[] = []
  let answer = (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(202).end()
  const { port } = await serve(t, async (request, response) => {
    const body = await text(request)
    const { callback } = body ? JSON.parse(body) : { callback: undefined }
    calls.push({
      method: request.method ?? '',
      path: request.url ?? '',
      id: String(request.headers['webhook-id']),
      callback,
    })
    answer(request, response)
  })
  const url = `http://127.0.0.1:${port}/run`
  await setExecutor(house.ctx.db, house.environment.id, 'webhook', { url, secret, timeout_seconds: 60 })
  const executor = webhookExecutor(openOutbound({ now: house.house.now }))
  const asked = await ask(house, (await house.release({ a: '1' })).id)
  return {
    ...house,
    asked,
    calls,
    port,
    start: () => house.start([executor]),
    onCall: (handle: typeof answer) => void (answer = handle),
    /** As far as a process came that died after it had taken it. */
    async taken(): Promise<Taken> {
      const work = (await claimDeployment(house.ctx, house.environment.id))!
      const plan = (await recordPlan(house.ctx, work, planChanges(work.task)))!
      await handOver(house.ctx, work, plan)
      return (await takeDispatch(house.ctx, { deployment_id: work.id }, () => true))!
    },
    callBack: ({ callback }: { callback: { url: string; token: string } }) =>
      receiveCallback(house.house, {
        dispatch_id: callback.url.split('/').at(-1)!,
        token: callback.token,
        state: 'succeeded',
      }),
  }
}

test('stopped while the receiver hangs, the next process tells it again, with the same webhook-id', async (t: TestContext) => {
  const house = await quietWebhook(t)
  house.onCall(() => {})
  await house.start()
  await waitUntil(() => house.calls.length === 1)
  await house.stop(1000)
  house.onCall((_request, response) => void response.writeHead(202).end())
  await house.start()
  await waitUntil(() => house.calls.length === 2)
  const [first, second] = house.calls
  t.assert.strictEqual(first!.id, second!.id)
  await house.callBack(second!)
  const done = await ended(house.ctx, house.asked.id)
  t.assert.deepStrictEqual([done.state, done.attempt], ['succeeded', 2])
})

test('lost after the receiver took it, its status is asked for and it is not told twice', async (t: TestContext) => {
  const house = await quietWebhook(t)
  const { dispatch } = await house.taken()
  const token = await openCallbackToken(house.ctx, dispatch)
  const status_url = `http://127.0.0.1:${house.port}/status`
  await keepProgress(house.ctx, dispatch, { taken: true, status_url })
  house.onCall((_request, response) => void response.writeHead(200).end('{}'))
  await house.start()
  await waitUntil(() => house.calls.length > 0)
  await reached(house.ctx, house.asked.id, 'applying')
  await house.callBack({ callback: { url: `x/${dispatch.id}`, token } })
  t.assert.strictEqual((await ended(house.ctx, house.asked.id)).state, 'succeeded')
  t.assert.deepStrictEqual(
    house.calls.map(({ method, path }) => `${method} ${path}`),
    ['GET /status'],
  )
})

test('what the receiver says of its end while a lost deployment waits to be planned anew is taken in then', async (t: TestContext) => {
  const house = await quietWebhook(t)
  const taken = await house.taken()
  const token = await openCallbackToken(house.ctx, taken.dispatch)
  t.assert.ok(await requeueLost(house.ctx, taken))
  await house.callBack({ callback: { url: `x/${taken.dispatch.id}`, token } })
  await house.start()
  const done = await ended(house.ctx, house.asked.id)
  t.assert.deepStrictEqual([done.state, done.attempt, house.calls.length], ['succeeded', 2, 0])
})

test('a receiver that breaks in the middle of its answer, or hangs, is told again later', async (t: TestContext) => {
  const house = await quietWebhook(t)
  house.onCall((request) => void request.socket.destroy())
  const engine = await house.start()
  await waitUntil(() => house.calls.length === 1)
  house.onCall((_request, response) => void response.writeHead(202).end())
  await waitUntil(async () => {
    house.clock.now = new Date(house.clock.now.getTime() + 1000)
    await engine.sweep()
    return house.calls.length === 2
  })
  await house.callBack(house.calls[1]!)
  t.assert.strictEqual((await ended(house.ctx, house.asked.id)).state, 'succeeded')
})

test('lost, queued again and then canceled, its items are uncertain: the receiver may have taken them', async (t: TestContext) => {
  const house = await quietWebhook(t)
  await requeueLost(house.ctx, await house.taken())
  const { state } = await cancelDeployment(house.as.approver, { deployment_id: house.asked.id })
  t.assert.strictEqual(state, 'canceled')
  const live = await listLive(house.ctx, { environment_id: house.environment.id, limit: 10 })
  t.assert.deepStrictEqual(
    live.map(({ item_key, uncertain }) => [item_key, uncertain]),
    [['a', true]],
  )
})
