import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { claimDeliveries } from '#app/webhooks/claim-deliveries.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { expandDeliveries } from '#app/webhooks/expand-deliveries.ts'
import type { MessageFormat } from '#app/webhooks/message-format.ts'
import { queueDeliveries } from '#app/webhooks/queue-deliveries.ts'
import { tidyDeliveries } from '#app/webhooks/tidy-deliveries.ts'
import { runEnvironment } from '#engine/run-environment.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { book, bookshop } from '../app/releases/bookshop.ts'
import { sealAll } from '../events/seal-all.ts'
import { pass } from './quiet-house.ts'
import { recordStatements } from './record-statements.ts'

/** Tells every deployment and every item of it. */
const loud: MessageFormat = {
  name: 'loud',
  select: async (_ctx, _webhook, happenings) => happenings.map(() => ({ topics: ['ended'], items: true })),
  selectItems: async (_ctx, _webhook, _happening, items) => items.map(({ item_key }) => ['item', item_key]),
  write: async () => new Map(),
  headers: async () => ({}),
}
const formats = new Map([[loud.name, loud]])

test('the items of a deployment are told each exactly once, in few statements, whoever dies meanwhile', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id, staging } = shop
  const { db } = ctx
  const hook = async (url: string, more: object) =>
    (await createWebhook(ctx, { project_id, url, kinds: ['deployment.succeeded'], ...more })).webhook.id
  const all = await hook('https://a.example.com/', { format: 'loud', other_urls: ['https://b.example.com/'] })
  const own = await hook('https://c.example.com/', {})
  await shop.write('dune', 'Dune')
  const { id: release_id } = await shop.release([book('dune')])
  await requestDeployments(as.releaser, { project_id, release_id, environment_ids: [staging] })
  const workshop = {
    executors: new Map([[contentExecutor.name, contentExecutor]]),
    logger: pino({ level: 'silent' }),
  }
  await runEnvironment(ctx, workshop as never, staging)
  await sql`insert into deployment_item
    (deployment_id, position, item_key, kind, title, action, before, after, outcome)
    select deployment_id, position + n, 'main/blt' || n || '/en-us', kind, title, action, before, after,
      (array['done', 'unchanged', 'failed', 'left', 'done'])[n % 5 + 1]
    from deployment_item, generate_series(1, 3999) n`.execute(db)
  await sealAll(db)
  while (await queueDeliveries(ctx, formats));

  const dies = { ...ctx, enqueue: () => Promise.reject(new Error('dies here')) }
  await t.assert.rejects(expandDeliveries(dies, formats), /dies here/)
  const rows = async () =>
    (
      await sql<{ item: number; target: number }>`
      select item, target from webhook_delivery where webhook_id = ${all}::uuid order by item, target`.execute(
        db,
      )
    ).rows
  t.assert.equal((await rows()).length, 2, 'the end itself, to two destinations')
  const statements = await recordStatements(db, () => expandDeliveries(ctx, formats))
  t.assert.ok(statements.length <= 12, `${statements.length} statements for 1000 items`)
  t.assert.equal((await rows()).length, 2 + 2000)
  const readAll = async () => {
    while (await expandDeliveries(ctx, formats));
  }
  // Two processes at once, after one that died.
  await Promise.all([readAll(), readAll()])
  while (await queueDeliveries(ctx, formats));
  const made = await rows()
  t.assert.equal(made.length, 2 * (1 + 1 + 2399), 'what was done or failed, and the end')
  t.assert.equal(new Set(made.map(({ item, target }) => `${item} ${target}`)).size, made.length)

  // Nobody waits for the end of it, and nobody keeps it for ever.
  const claimed = await claimDeliveries(ctx, 64)
  t.assert.deepEqual(
    [
      claimed.filter(({ webhook_id }) => webhook_id === all).length,
      claimed.some(({ webhook_id }) => webhook_id === own),
    ],
    [4, true],
  )
  await sql`update webhook_delivery set state = 'delivered', next_attempt_at = null, finished_at = ${ctx.now()}`.execute(
    db,
  )
  pass(shop.clock, 31 * 86_400)
  t.assert.equal(await tidyDeliveries(ctx), made.length + 1)
})
