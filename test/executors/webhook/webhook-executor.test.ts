import { test, type TestContext } from 'node:test'
import { waitUntil } from '../../engine/wait-until.ts'
import { sharedWebhookHouse } from './webhook-house.ts'

const webhookHouse = sharedWebhookHouse()

test('a receiver is told, signed, what to deploy, and its callbacks say how it goes on', async (t: TestContext) => {
  const house = await webhookHouse(t)
  const asked = await house.deploy()
  const message = await house.message(asked)
  t.assert.deepStrictEqual([message.signed, message.id, message.items.length], [true, asked.id, 1])

  const running = await house.callBack(message, { state: 'running', log: ['half way', 'more'] })
  t.assert.deepStrictEqual([running.status, await running.json()], [200, { state: 'running' }])
  t.assert.strictEqual((await house.client.getDeployment(asked.id)).state, 'applying')

  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded' }, 'wrong')).status, 401)
  t.assert.strictEqual((await house.callBack(message, { state: 'finished' })).status, 422)
  t.assert.strictEqual((await house.callBack(message, { state: 'running', token: 'x' })).status, 422)
  t.assert.strictEqual(
    (await house.callBack(message, { state: 'succeeded', items: [{ key: 'nothing', outcome: 'done' }] }))
      .status,
    422,
  )
  t.assert.strictEqual(
    (await house.callBack(message, { state: 'succeeded', reason: 'all there' })).status,
    200,
  )
  const done = await house.client.getDeployment(asked.id)
  t.assert.strictEqual(done.state, 'succeeded')
  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded' })).status, 200, 'said twice')
  const late = await house.callBack(message, { state: 'failed' })
  t.assert.strictEqual(late.status, 409)
  t.assert.match(
    ((await late.json()) as { detail: string }).detail,
    /has ended already and cannot become failed/,
  )
  const log = await house.logOf(asked)
  t.assert.ok(log.includes('callback half way') && log.includes('callback more'), log.join('\n'))
  t.assert.strictEqual(log.at(-1), 'engine succeeded')
  const { items } = await house.client.listLive(house.key, 'staging')
  t.assert.strictEqual(items.length, 1)
})

test('items that the receiver names as failed have failed and are uncertain, the others are live', async (t: TestContext) => {
  const house = await webhookHouse(t)
  const keys = [await house.write('one', 'One'), await house.write('two', 'Two')]
  const release = await house.release('Both', keys)
  const asked = await house.client.deploy(house.key, 'staging', { release })
  const message = await house.message(asked)
  const items = [{ key: keys[0]!, outcome: 'failed', code: 'disk_full', reason: 'No room.' }]
  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded', items })).status, 200)
  t.assert.strictEqual((await house.client.getDeployment(asked.id)).state, 'partly_succeeded')
  const results = (await house.client.listDeploymentItems(asked.id)).items
  t.assert.deepStrictEqual(
    results.map(({ key, outcome, code }) => [key, outcome, code]),
    [
      [keys[0], 'failed', 'disk_full'],
      [keys[1], 'done', null],
    ],
  )
  const live = (await house.client.listLive(house.key, 'staging')).items
  t.assert.deepStrictEqual(
    live.map(({ key, uncertain }) => [key, uncertain]),
    [
      [keys[0], true],
      [keys[1], false],
    ],
  )
})

test('a receiver that says 410, redirects or refuses ends it for good, and nothing is uncertain', async (t: TestContext) => {
  const house = await webhookHouse(t)
  const answers = [
    [410, {}, 'gone'],
    [302, { location: 'http://169.254.169.254/' }, 'redirect_refused'],
    [422, {}, 'receiver_refused'],
  ] as const
  for (const [status, headers, code] of answers) {
    house.answer = (_request, response) => void response.writeHead(status, headers).end('no')
    const failed = await house.ended(await house.deploy())
    t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', code])
  }
  t.assert.deepStrictEqual((await house.client.listLive(house.key, 'staging')).items, [])
})

test('one that refuses what may have reached it before leaves its items uncertain', async (t: TestContext) => {
  const house = await webhookHouse(t)
  house.answer = (request) => void request.socket.destroy()
  const asked = await house.deploy()
  await waitUntil(() => house.arrived.length === 1, 'the first')
  house.answer = (_request, response) => void response.writeHead(409).end('I have that already.')
  await waitUntil(async () => {
    house.clock.now = new Date(house.clock.now.getTime() + 1000)
    await house.engine!.sweep()
    return house.arrived.length === 2
  }, 'the second')
  const failed = await house.ended(asked)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'receiver_refused'])
  const live = (await house.client.listLive(house.key, 'staging')).items
  t.assert.deepStrictEqual(
    live.map(({ uncertain }) => uncertain),
    [true],
  )
})

test('whatever a receiver says, what it decided is taken down', async (t: TestContext) => {
  const house = await webhookHouse(t)
  for (const said of ['no\0\n\u001b[31mroom', `${'a'.repeat(299)}😀`]) {
    house.answer = (_request, response) => void response.writeHead(400).end(said)
    const failed = await house.ended(await house.deploy())
    t.assert.strictEqual(failed.failure_code, 'receiver_refused')
  }
  house.answer = (_request, response) => void response.writeHead(202).end()
  const message = await house.message(await house.deploy())
  const log = [`${'a'.repeat(8191)}😀 cut in the middle of a character`]
  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded', log })).status, 200)
})

test('canceled while the receiver has not answered yet, it is asked to stop: it may have taken it', async (t: TestContext) => {
  const house = await webhookHouse(t)
  house.answer = () => {}
  const asked = await house.deploy()
  await waitUntil(() => house.arrived.length === 1, 'the message')
  house.answer = (_request, response) => void response.writeHead(202).end()
  await house.client.cancelDeployment(asked.id)
  t.assert.ok((await house.message(asked, 'headgate.cancel')).signed)
  await house.callBack(house.arrived[0]!, { state: 'canceled' })
  t.assert.strictEqual((await house.ended(asked)).state, 'canceled')
})

test('a receiver that says 503 with Retry-After is told again then, with the same webhook-id', async (t: TestContext) => {
  const house = await webhookHouse(t)
  let refusals = 1
  house.answer = (_request, response) => {
    if (refusals-- > 0) response.writeHead(503, { 'retry-after': '1' }).end()
    else response.writeHead(202).end()
  }
  const asked = await house.deploy()
  await waitUntil(() => house.arrived.length === 1, 'the first')
  await waitUntil(async () => {
    house.clock.now = new Date(house.clock.now.getTime() + 1000)
    await house.engine!.sweep()
    return house.arrived.length === 2
  }, 'the second')
  const [first, second] = house.arrived
  t.assert.strictEqual(second!.id, first!.id)
  t.assert.strictEqual(
    (await house.callBack(first!, { state: 'succeeded' })).status,
    200,
    'either token counts',
  )
  t.assert.strictEqual((await house.ended(asked)).state, 'succeeded')
})

test('one who never calls back has its time, and then it has failed, its items uncertain', async (t: TestContext) => {
  const house = await webhookHouse(t)
  const asked = await house.deploy()
  const message = await house.message(asked)
  await waitUntil(
    async () => (await house.logOf(asked)).at(-1) === 'engine handed over; waiting to be called back',
  )
  house.clock.now = new Date(house.clock.now.getTime() + 61_000)
  await house.engine!.sweep()
  const failed = await house.ended(asked)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'timed_out'])
  t.assert.deepStrictEqual(
    (await house.client.listLive(house.key, 'staging')).items.map(({ uncertain }) => uncertain),
    [true],
  )
  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded' })).status, 409)
})

test('canceled, the receiver is asked to stop, and says whether it did', async (t: TestContext) => {
  const house = await webhookHouse(t)
  for (const [said, state] of [
    ['canceled', 'canceled'],
    ['succeeded', 'succeeded'],
  ] as const) {
    const asked = await house.deploy()
    const message = await house.message(asked)
    t.assert.strictEqual((await house.client.cancelDeployment(asked.id)).state, 'canceling')
    const stop = await house.message(asked, 'headgate.cancel')
    t.assert.ok(stop.signed)
    t.assert.strictEqual((await house.callBack(message, { state: said })).status, 200)
    t.assert.strictEqual((await house.ended(asked)).state, state)
  }
})

test('canceled, and the receiver says nothing: after a minute it is canceled, its items uncertain', async (t: TestContext) => {
  const house = await webhookHouse(t, { timeout_seconds: 3600 })
  const asked = await house.deploy()
  await house.message(asked)
  await house.client.cancelDeployment(asked.id)
  await house.message(asked, 'headgate.cancel')
  house.clock.now = new Date(house.clock.now.getTime() + 61_000)
  await house.engine!.sweep()
  const done = await house.ended(asked)
  t.assert.deepStrictEqual([done.state, done.failure_code], ['canceled', 'stop_unanswered'])
})

test('an environment is checked by its own executor, and nothing is deployed', async (t: TestContext) => {
  const house = await webhookHouse(t)
  const run = await house.client.checkEnvironment(house.key, 'staging')
  t.assert.deepStrictEqual([run.kind, run.executor], ['check', 'webhook'])
  const message = await house.message(run, 'headgate.check')
  t.assert.strictEqual((await house.callBack(message, { state: 'succeeded' })).status, 200)
  t.assert.strictEqual((await house.client.getRun(run.id)).state, 'succeeded')
  t.assert.deepStrictEqual(
    (await house.client.listRuns(house.key, { kind: 'check' })).items.map(({ id }) => id),
    [run.id],
  )
  const settings = (await house.client.listEnvironments(house.key)).items.find(
    ({ name }) => name === 'staging',
  )?.deploy
  t.assert.strictEqual(settings?.secret, '•••')
  await t.assert.rejects(house.client.checkEnvironment(house.key, 'production'), /invokes nothing/)
})
