import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { addInBulk } from '#app/bulk/add-in-bulk.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { listQueue, type QueueRow } from '#app/publish-queue/list-queue.ts'
import { pruneBulkJobs } from '#app/retention/prune-bulk-jobs.ts'
import { runEnvironment } from '#engine/run-environment.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { pass } from '../../engine/quiet-house.ts'
import { book, bookshop } from '../releases/bookshop.ts'

const workshop = {
  executors: new Map([[contentExecutor.name, contentExecutor]]),
  logger: pino({ level: 'silent' }),
}

const uidOf = ({ number, position }: QueueRow) => `${number}/${position}`

test('the publish queue as a list', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id, staging, production, clock } = shop
  const place = { project_id, branch: 'main' }
  const titles = ['dune', 'emma', 'ulysses', 'walden', 'middlemarch']
  for (const title of titles) await shop.write(title, title)
  const due_at = new Date(clock.now.getTime() + 3_600_000)
  const large = await shop.release(titles.map((title) => book(title)))
  const deploy = (more: object) =>
    requestDeployments(as.releaser, { project_id, release_id: large.id, environment_ids: [staging], ...more })
  const publish = (title: string, more: object = {}) =>
    requestOneShot(as.releaser, { ...place, environment_ids: [staging], items: [book(title)], ...more })
  await deploy({ environment_ids: [staging, production] })
  await publish('dune')
  await deploy({ select_keys: ['emma', 'walden'].map((title) => book(title).key), due_at })
  await publish('emma', { items: [book('emma'), book('dune', { locale: 'fr-fr' })] })
  await deploy({ dry_run: true })
  await publish('walden', { items: [book('walden', { action: 'unpublish' })] })
  const all = (more: object = {}) =>
    listQueue(ctx, { ...place, limit: 100, offset: 0, with_total: true, ...more })

  const before = (await all()).rows
  t.assert.equal(before.length, 6 + 6 + 1 + 3 + 2 + 1, 'a dry run publishes nothing and is not in it')
  await t.test('rows keep their names and their order while what they tell of happens', async () => {
    await runEnvironment(ctx, workshop, staging)
    const after = await all()
    t.assert.deepEqual(after.rows.map(uidOf), before.map(uidOf))
    t.assert.deepEqual(
      after.rows.map(({ item_key, title, action }) => [item_key, title, action]),
      before.map(({ item_key, title, action }) => [item_key, title, action]),
    )
    t.assert.equal(after.total, after.rows.length)
    t.assert.deepEqual([...new Set(after.rows.map(({ standing }) => standing))].toSorted(), [
      'done',
      'queued',
      'scheduled',
      'succeeded',
      'unchanged',
    ])
  })

  await t.test('pages put together are the list, whatever their size', async () => {
    for (const direction of ['desc', 'asc'] as const) {
      const order = { field: 'requested_at' as const, direction }
      const whole = (await all({ order })).rows.map(uidOf)
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 25 }),
          fc.integer({ min: 0, max: 25 }),
          async (limit, offset) => {
            const { rows } = await listQueue(ctx, { ...place, limit, offset, order })
            t.assert.deepEqual(rows.map(uidOf), whole.slice(offset, offset + limit))
          },
        ),
        { numRuns: 25 },
      )
    }
  })

  await t.test('who is bound to an environment sees what goes there', async () => {
    const principal = { ...as.viewer.principal!, environment_ids: [production] }
    const { rows, total } = await listQueue(
      { ...as.viewer, principal },
      { ...place, limit: 100, offset: 0, with_total: true },
    )
    t.assert.deepEqual([...new Set(rows.map(({ environment_id }) => environment_id))], [production])
    t.assert.equal(total, 6)
  })

  await t.test('the jobs of thirty days ago are let go, and no younger one', async () => {
    const how = { with_references: false, locales: [], most: 500 }
    const release = await shop.release([], 'Later')
    await addInBulk(as.releaser, { project_id, release_id: release.id, items: [book('dune')], ...how })
    t.assert.equal(await pruneBulkJobs(ctx), 0)
    pass(clock, 31 * 24 * 3600)
    await addInBulk(as.releaser, { project_id, release_id: release.id, items: [book('emma')], ...how })
    t.assert.equal(await pruneBulkJobs(ctx), 1)
    const left = await ctx.db.selectFrom('bulk_job_item').select('item_key').execute()
    t.assert.deepEqual(left, [{ item_key: 'main/emma/en-us' }])
  })
})
