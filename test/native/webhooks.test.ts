import type { IncomingMessage, ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook as Verifier } from 'standardwebhooks'
import type { Delivery, DeliveryWithLog, MadeWebhook, Webhook } from '#api/webhook.ts'
import { openHouse, type TestHouse } from '../open-house.ts'
import { serve } from '../ground/receiver.ts'
import { openSite } from './site.ts'

interface Got {
  headers: Record<string, string>
  body: string
}

type Answer = (response: ServerResponse, n: number, request: IncomingMessage) => void

/** A real receiver that keeps what it gets and answers as it is told. */
async function receiver(t: TestContext, answer: Answer = (response) => void response.writeHead(204).end()) {
  const got: Got[] = []
  const { port } = await serve(t, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      got.push({ headers: request.headers as Record<string, string>, body })
      answer(response, got.length, request)
    })
  })
  return { got, url: `http://127.0.0.1:${port}/hook` }
}

const open = (t: TestContext) => openHouse(t, { HEADGATE_OUTGOING_ALLOW: '127.0.0.1' })

async function send<T>(house: TestHouse, method: string, path: string, json?: unknown): Promise<T> {
  const response = await house.ask(`/headgate/v1${path}`, { method, ...(json === undefined ? {} : { json }) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const create = (house: TestHouse, url: string, more: object = {}) =>
  send<MadeWebhook>(house, 'POST', '/webhooks', { url, kinds: ['release.created'], ...more })

const deliveries = async (house: TestHouse, { webhook }: MadeWebhook, query = '') =>
  (await send<{ items: Delivery[] }>(house, 'GET', `/webhooks/${webhook.id}/deliveries${query}`)).items

const delivery = (house: TestHouse, one: Delivery) =>
  send<DeliveryWithLog>(house, 'GET', `/webhooks/${one.webhook_id}/deliveries/${one.id}`)

/** Long, since on PostgreSQL a transaction in another test's database keeps events from being sealed while it is open. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000
  while (Date.now() < end) {
    if (await holds()) return
    await sleep(10)
  }
  throw new Error('not in time')
}

/** Lets so much time pass and sends what is due by then. */
async function pass(house: TestHouse, seconds: number): Promise<void> {
  house.clock.now = new Date(house.clock.now.getTime() + seconds * 1000)
  await house.deliveries?.sweep()
}

const release = (house: TestHouse, name: string) => house.client.createRelease('site', { name })

test('webhooks carry Standard Webhooks signatures, by both secrets while one is replaced', async (t: TestContext) => {
  const house = await open(t)
  await house.client.createProject({ key: 'site', kind: 'content' })
  const { got, url } = await receiver(t)
  const made = await create(house, url, { project: 'site' })
  await release(house, 'one')
  await until(() => got.length === 1)
  const verify = (secret: string, { body, headers }: Got) => new Verifier(secret).verify(body, headers)
  const message = verify(made.secret, got[0]!) as {
    type: string
    timestamp: string
    data: Record<string, unknown>
  }
  t.assert.equal(message.type, 'release.created')
  t.assert.partialDeepStrictEqual(message.data, {
    kind: 'release.created',
    project: { key: 'site' },
    data: { name: 'one' },
  })
  t.assert.match(got[0]!.headers['webhook-id'] ?? '', /^dlv_[0-9a-f]{32}$/)
  t.assert.ok(!JSON.stringify(await send(house, 'GET', `/webhooks/${made.webhook.id}`)).includes('whsec_'))

  const rotated = await send<MadeWebhook>(house, 'POST', `/webhooks/${made.webhook.id}/rotate`, {
    keep_hours: 2,
  })
  t.assert.notEqual(rotated.secret, made.secret)
  await send(house, 'POST', `/webhooks/${made.webhook.id}/ping`)
  await until(() => got.length === 2)
  for (const secret of [made.secret, rotated.secret]) verify(secret, got[1]!)
  house.clock.now = new Date(house.clock.now.getTime() + 2.1 * 3_600_000)
  await send(house, 'POST', `/webhooks/${made.webhook.id}/ping`)
  await until(() => got.length === 3)
  t.assert.equal(got[2]!.headers['webhook-signature']?.split(' ').length, 1)

  const told = await house.client.listEvents({ limit: 200 })
  t.assert.ok(!JSON.stringify(told).includes('/hook'), 'the path of a URL is often a secret')
  const change = (headers: Record<string, string>) =>
    house.ask(`/headgate/v1/webhooks/${made.webhook.id}`, {
      method: 'PATCH',
      headers,
      json: { description: 'x' },
    })
  t.assert.equal((await change({ 'if-match': '"1"' })).status, 412)
  t.assert.equal((await change({ 'if-match': `"${rotated.webhook.version}"` })).status, 200)
  for (const [json, field] of [
    [{ url: 'http://10.0.0.1/', kinds: ['*'] }, 'url'],
    [{ url: 'ftp://example.com/', kinds: ['*'] }, 'url'],
    [{ url, kinds: ['release.exploded'] }, 'kinds.0'],
    [{ url, kinds: ['*'], secret: 'whsec_short' }, 'secret'],
    [{ url, kinds: ['*'], environments: ['production'] }, 'project'],
  ] as const) {
    const response = await house.ask('/headgate/v1/webhooks', { json })
    t.assert.equal(response.status, 422)
    t.assert.equal(((await response.json()) as { faults: { field: string }[] }).faults[0]?.field, field)
  }
})

test('one coalesced event per deployment: its state, its counts, its links', async (t: TestContext) => {
  const house = await openSite(t, { HEADGATE_OUTGOING_ALLOW: '127.0.0.1' })
  const { got, url } = await receiver(t)
  await create(house, url, { kinds: ['deployment.finished', 'deployment.succeeded', 'deployment.failed'] })
  const items = [await house.write('blt1', 'One'), await house.write('blt2', 'Two')]
  const first = { release: await house.release('First', items) }
  const deployment = await house.client.deploy('site', 'production', first)
  await until(() => got.length === 1)
  const message = JSON.parse(got[0]!.body) as { type: string; data: { deployment: { state: string } } }
  const { type, data } = message
  t.assert.equal(type, 'deployment.finished')
  t.assert.partialDeepStrictEqual(data.deployment, {
    ...{ id: deployment.id, state: 'succeeded', counts: { done: 2 }, release: { name: 'First' } },
    links: { self: `${house.url}/headgate/v1/deployments/${deployment.id}` },
  })
  const dry = await house.ended(await house.client.deploy('site', 'staging', { ...first, dry_run: true }))
  await until(() => got.length === 2)
  const told = JSON.parse(got[1]!.body) as typeof message
  t.assert.deepEqual(
    [told.type, told.data.deployment.state, dry.state],
    ['deployment.finished', 'planned', 'planned'],
  )
  await house.deliveries?.sweep()
  t.assert.equal(got.length, 2)
})

test('a receiver that is gone for a day gets everything when it is back, each under one id', async (t: TestContext) => {
  const house = await open(t)
  await house.client.createProject({ key: 'site', kind: 'content' })
  let back = false
  const { got, url } = await receiver(
    t,
    (response) => void response.writeHead(back ? 200 : 503).end('busy, token=abc'),
  )
  const made = await create(house, url)
  await release(house, 'one')
  await until(async () => (await deliveries(house, made))[0]?.attempts === 1)
  for (const [n, seconds] of [6, 70, 340, 2000, 8000, 20_000, 32_000].entries()) {
    await pass(house, seconds)
    await until(async () => (await deliveries(house, made))[0]?.attempts === n + 2)
  }
  back = true
  await pass(house, 36_000)
  await until(async () => (await deliveries(house, made))[0]?.state === 'delivered')
  t.assert.equal(got.length, 9)
  t.assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.assert.equal(new Set(got.map(({ body }) => body)).size, 1)
  const [row] = await deliveries(house, made)
  const { log, body } = await delivery(house, row!)
  t.assert.deepEqual(
    [log.length, log[0]?.status, log[1]?.status, log[1]?.answer],
    [9, 200, 503, 'busy, token=[redacted]'],
  )
  t.assert.equal(body, got[0]!.body)
})

test('attempts end after a day, and what failed can be replayed, one or all since a time', async (t: TestContext) => {
  const house = await open(t)
  await house.client.createProject({ key: 'site', kind: 'content' })
  let back = false
  const { got, url } = await receiver(t, (response) => void response.writeHead(back ? 204 : 500).end())
  const made = await create(house, url)
  const since = house.clock.now.toISOString()
  await release(house, 'one')
  await until(async () => (await deliveries(house, made))[0]?.attempts === 1)
  const tried = async () => (await deliveries(house, made))[0]!
  while ((await tried()).state === 'pending') {
    const { attempts } = await tried()
    await pass(house, 10 * 3600)
    await until(async () => (await tried()).attempts > attempts)
  }
  t.assert.ok(Date.parse((await tried()).finished_at!) - Date.parse(since) > 24 * 3_600_000)
  const [failed] = await deliveries(house, made, '?state=failed')
  t.assert.equal(failed?.state, 'failed')
  back = true
  const replay = `/webhooks/${made.webhook.id}/deliveries/${failed!.id}/replay`
  t.assert.equal((await send<Delivery>(house, 'POST', replay)).state, 'pending')
  await until(async () => (await delivery(house, failed!)).state === 'delivered')
  t.assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 1)
  const all = await send<{ replayed: number }>(house, 'POST', `/webhooks/${made.webhook.id}/replay`, {
    since,
  })
  t.assert.equal(all.replayed, 0)
})

test('429 with Retry-After is waited for, 410 disables the webhook, a redirect is not followed', async (t: TestContext) => {
  const house = await open(t)
  await house.client.createProject({ key: 'site', kind: 'content' })
  const inner = await receiver(t)
  const busy = await receiver(
    t,
    (response, n) => void response.writeHead(n === 1 ? 429 : 200, { 'retry-after': '3600' }).end(),
  )
  const gone = await receiver(t, (response) => void response.writeHead(410).end())
  const astray = await receiver(t, (response) => void response.writeHead(302, { location: inner.url }).end())
  const [one, two, three] = [
    await create(house, busy.url),
    await create(house, gone.url),
    await create(house, astray.url),
  ]
  await release(house, 'one')
  await until(async () => (await deliveries(house, one))[0]?.attempts === 1)
  await until(async () => (await deliveries(house, two))[0]?.state === 'failed')
  await until(async () => (await deliveries(house, three))[0]?.attempts === 1)
  const [waiting] = await deliveries(house, one)
  const wait = Date.parse(waiting!.next_attempt_at!) - house.clock.now.getTime()
  t.assert.ok(wait > 3_500_000 && wait <= 3_600_000, String(wait))
  const disabled = await send<Webhook>(house, 'GET', `/webhooks/${two.webhook.id}`)
  t.assert.deepEqual([disabled.disabled, disabled.disabled_reason], [true, 'It answered 410 Gone.'])
  t.assert.equal((await house.client.listEvents({ kind: 'webhook.disabled' })).items.length, 1)
  const redirected = await delivery(house, (await deliveries(house, three))[0]!)
  t.assert.match(redirected.log[0]?.error ?? '', /not followed/)
  t.assert.equal(inner.got.length, 0)

  await release(house, 'while it is disabled')
  await pass(house, 3700)
  // Both: an event that is sealed when the other webhook is enabled again is told to that one as well.
  await until(async () => {
    const told = await deliveries(house, one)
    return told.length === 2 && told.every(({ state }) => state === 'delivered')
  })
  t.assert.equal((await deliveries(house, two)).length, 1)
  const enabled = await send<Webhook>(house, 'PATCH', `/webhooks/${two.webhook.id}`, { disabled: false })
  t.assert.equal(enabled.disabled, false)
  await release(house, 'when it is enabled again')
  await until(async () => (await deliveries(house, two)).length === 2)
})

test('a receiver that hangs or lies blocks no other', async (t: TestContext) => {
  const house = await open(t)
  await house.client.createProject({ key: 'site', kind: 'content' })
  const hanging: ServerResponse[] = []
  const hangs = await receiver(t, (response) => void hanging.push(response))
  const endless = await receiver(t, (response) => {
    response.writeHead(200)
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
      response.once('drain', pour)
    }
    pour()
  })
  const half = await receiver(t, (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half')
    setImmediate(() => response.destroy())
  })
  const cut = await receiver(t, (response) => void response.destroy())
  const good = await receiver(t)
  const made: MadeWebhook[] = []
  for (const { url } of [hangs, endless, half, cut, good]) made.push(await create(house, url))
  for (let n = 0; n < 12; n++) await release(house, `r${n}`)
  await until(() => good.got.length === 12)
  t.assert.ok(hangs.got.length >= 1 && hangs.got.length <= 4, `${hangs.got.length} in hand of one that hangs`)
  await until(async () => (await deliveries(house, made[1]!)).every(({ state }) => state === 'delivered'))
  await until(async () => (await deliveries(house, made[2]!)).every(({ state }) => state === 'delivered'))
  await until(async () => (await deliveries(house, made[3]!)).some(({ attempts }) => attempts > 0))
  t.assert.ok((await deliveries(house, made[3]!)).every(({ state }) => state === 'pending'))
  for (const response of hanging) response.destroy()
})
