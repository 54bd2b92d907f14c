import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { createProject } from '#app/projects/create-project.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { queueDeliveries } from '#app/webhooks/queue-deliveries.ts'
import { sealAll } from '../../events/seal-all.ts'
import { testStore } from '../../fresh-store.ts'
import { smallHouse } from '../../small-house.ts'

test(
  'an event is queued for a webhook while an attempt of it is being written down',
  { skip: testStore !== 'postgres' && 'transactions do not overlap on PGlite' },
  async (t: TestContext) => {
    const { ctx } = await smallHouse(t)
    const { db } = ctx
    await createWebhook(ctx, { project_id: null, url: 'https://a.example.com/', kinds: ['project.created'] })
    await createProject(ctx, { key: 'site', name: 'Site', kind: 'content' })
    await sealAll(db)

    const waiting = async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      return rows[0]!.n > 0
    }
    let queued: Promise<boolean> | undefined
    await db.transaction().execute(async (tx) => {
      await sql`update webhook_progress set failing_since = ${ctx.now()}::timestamptz`.execute(tx)
      queued = queueDeliveries(ctx, new Map())
      // Passed over, nobody would look again before the next event.
      const until = Date.now() + 10_000
      while (!(await waiting()) && Date.now() < until);
    })
    t.assert.equal(await queued, true)
    const { rows } = await sql<{ type: string }>`select type from webhook_delivery`.execute(db)
    t.assert.deepEqual(rows, [{ type: 'project.created' }])
  },
)
