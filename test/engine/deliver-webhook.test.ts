import { describe, test, type TestContext } from 'node:test'
import { transact, type Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { claimDeliveries, writeMessages } from '#app/webhooks/claim-deliveries.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { getDelivery, listDeliveries } from '#app/webhooks/list-deliveries.ts'
import { queueDeliveries } from '#app/webhooks/queue-deliveries.ts'
import { sendDelivery } from '#app/webhooks/send-delivery.ts'
import type { NewEvent } from '#domain/events.ts'
import { createDeliverer } from '#engine/deliver-webhook.ts'
import { openOutbound, type Resolve } from '#ground/outbound.ts'
import { findLastSeal } from '#store/event-seal.ts'
import { sealAll } from '../events/seal-all.ts'
import { serve } from '../ground/receiver.ts'
import { pass, smallHouse, type SmallHouse } from '../small-house.ts'

const url = 'http://127.0.0.1'
/** Messages in our own words only. */
const formats = new Map()
const logger = { error: () => {} } as never

interface Post extends SmallHouse {
  ids: string[]
  hook: string
}

/** A house with a receiver that keeps the ids of what it gets. */
async function post(t: TestContext, resolve?: Resolve): Promise<Post> {
  const small = await smallHouse(t)
  const ids: string[] = []
  const { port } = await serve(t, (request, response) => {
    ids.push(String(request.headers['webhook-id']))
    response.writeHead(204).end()
  })
  const allow = resolve ? [] : ['127.0.0.1']
  const outbound = openOutbound({ now: small.house.now, allow, ...(resolve ? { resolve } : {}) })
  const ctx = { ...small.ctx, outbound }
  return { ...small, ctx, ids, hook: `http://127.0.0.1:${port}/` }
}

const happen = (ctx: Context, ...events: NewEvent[]) =>
  transact(ctx, async (unit) => events.forEach((event) => unit.record(event)))

async function queueAll(ctx: Context): Promise<void> {
  await sealAll(ctx.db)
  while (await queueDeliveries(ctx, formats));
}

async function deliverAll(ctx: Context): Promise<void> {
  const deliverer = createDeliverer({ ctx, url: () => url, formats, logger })
  await deliverer.look()
  await deliverer.stop(10_000)
}

const created = { kind: 'release.created' } as const

describe('a delivery is made once per webhook and event', () => {
  test('of the events that are asked for, in the project and environment asked for', async (t: TestContext) => {
    const { ctx, hook } = await post(t)
    const { id: project_id } = await createProject(ctx, { key: 'site', name: 'Site', kind: 'content' })
    const other = ctx.newId()
    const environment = async (name: string) => (await createEnvironment(ctx, { project_id, name })).id
    const [here, there] = [await environment('here'), await environment('there')]
    const make = async (kinds: string[], more: object = {}) =>
      (await createWebhook(ctx, { project_id: null, url: hook, kinds, ...more })).webhook.id
    const hooks = [
      await make(['release.created']),
      await make(['release.*'], { project_id }),
      await make(['*'], { project_id, environment_ids: [here] }),
    ]
    await sealAll(ctx.db)
    await ctx.db
      .updateTable('webhook_progress')
      .set({ position: (await findLastSeal(ctx.db))!.position })
      .execute()
    await happen(
      ctx,
      { ...created, project_id },
      { ...created, project_id: other },
      { kind: 'release.locked', project_id },
      { kind: 'deployment.queued', project_id, environment_id: here },
      { kind: 'deployment.queued', project_id, environment_id: there },
    )
    await queueAll(ctx)
    const made = await Promise.all(
      hooks.map(async (webhook_id) =>
        (await listDeliveries(ctx, { webhook_id, limit: 100 })).map(({ type }) => type).toSorted(),
      ),
    )
    t.assert.deepEqual(made, [
      ['release.created', 'release.created'],
      ['release.created', 'release.locked'],
      ['deployment.queued'],
    ])
  })

  test('a reader that dies before it commits leaves nothing, and the next one makes them', async (t: TestContext) => {
    const { ctx, hook } = await post(t)
    const { webhook } = await createWebhook(ctx, { project_id: null, url: hook, kinds: ['release.*'] })
    await happen(ctx, created, created, created)
    await sealAll(ctx.db)
    const dies = { ...ctx, enqueue: () => Promise.reject(new Error('dies here')) }
    await t.assert.rejects(queueDeliveries(dies, formats), /dies here/)
    const count = async () => (await listDeliveries(ctx, { webhook_id: webhook.id, limit: 100 })).length
    t.assert.equal(await count(), 0)
    // Two processes at once.
    await Promise.all([queueAll(ctx), queueAll(ctx)])
    t.assert.equal(await count(), 3)
  })
})

test('what a process held when it died is sent by another, under the same id', async (t: TestContext) => {
  const { ctx, clock, ids, hook } = await post(t)
  const { webhook } = await createWebhook(ctx, { project_id: null, url: hook, kinds: ['release.*'] })
  await happen(ctx, created)
  await queueAll(ctx)
  const held = await claimDeliveries(ctx, 10)
  t.assert.equal(held.length, 1)
  const bodies = await writeMessages(ctx, held, { url, formats })
  pass(clock, 30)
  await deliverAll(ctx)
  t.assert.deepEqual(ids, [], 'it is held')
  pass(clock, 31)
  await deliverAll(ctx)
  t.assert.equal(ids.length, 1)
  // It was not dead, but slow: it sends too, and writes nothing down.
  const [first] = held
  await sendDelivery(ctx, first!, {
    written: bodies.get(first!.id)!,
    formats,
    signal: new AbortController().signal,
  })
  t.assert.deepEqual([ids.length, new Set(ids).size], [2, 1])
  const [row] = await listDeliveries(ctx, { webhook_id: webhook.id, limit: 10 })
  t.assert.deepEqual([row?.state, row?.attempts], ['delivered', 1])
})

test('a deliverer that stops gives back what hangs, to be sent at once', async (t: TestContext) => {
  const { ctx } = await post(t)
  const { port } = await serve(t, () => {})
  const { webhook } = await createWebhook(ctx, {
    project_id: null,
    url: `http://127.0.0.1:${port}/`,
    kinds: ['*'],
  })
  await queueAll(ctx)
  const deliverer = createDeliverer({ ctx, url: () => url, formats, logger })
  await deliverer.look()
  await deliverer.stop(50)
  const [row] = await listDeliveries(ctx, { webhook_id: webhook.id, limit: 10 })
  t.assert.deepEqual([row?.state, row?.attempts, row?.claimed_until], ['pending', 0, null])
})

test('a name that turns to a private address after it was stored is refused when it is called', async (t: TestContext) => {
  const { ctx, ids, hook } = await post(t, async () => [{ address: '127.0.0.1' }])
  const rebound = hook.replace('127.0.0.1', 'rebound.example.com')
  const { webhook } = await createWebhook(ctx, { project_id: null, url: rebound, kinds: ['*'] })
  await queueAll(ctx)
  await deliverAll(ctx)
  t.assert.deepEqual(ids, [])
  const [row] = await listDeliveries(ctx, { webhook_id: webhook.id, limit: 10 })
  const { log } = await getDelivery(ctx, { webhook_id: webhook.id, delivery_id: row!.id })
  t.assert.equal(log[0]?.error, 'refused: rebound.example.com: 127.0.0.1 is a loopback address')
})

test('an answer is kept as its first kilobyte, without control characters and credentials', async (t: TestContext) => {
  const { ctx } = await post(t)
  const echo = `{"password":"hunter2", "Authorization: Bearer abc.def" whsec_AAAA\u0000\u001b[31m}`
  const { port } = await serve(
    t,
    (_request, response) => void response.writeHead(500).end(echo + 'x'.repeat(5000)),
  )
  const { webhook } = await createWebhook(ctx, {
    project_id: null,
    url: `http://127.0.0.1:${port}/`,
    kinds: ['*'],
  })
  await queueAll(ctx)
  await deliverAll(ctx)
  const [row] = await listDeliveries(ctx, { webhook_id: webhook.id, limit: 10 })
  const { log } = await getDelivery(ctx, { webhook_id: webhook.id, delivery_id: row!.id })
  const answer = log[0]?.answer ?? ''
  t.assert.equal(answer.length, 1024)
  t.assert.doesNotMatch(answer, /hunter2|abc\.def|AAAA|\u0000|\u001b/)
})
