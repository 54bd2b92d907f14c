import { test, type TestContext } from 'node:test'
import { addInBulk } from '#app/bulk/add-in-bulk.ts'
import { getBulkJob } from '#app/bulk/get-bulk-job.ts'
import { publishInBulk } from '#app/bulk/publish-in-bulk.ts'
import { removeInBulk } from '#app/bulk/remove-in-bulk.ts'
import { listQueue } from '#app/publish-queue/list-queue.ts'
import { recordStatements } from '../../engine/record-statements.ts'
import { book, bookshop } from '../releases/bookshop.ts'

const how = { with_references: true, locales: [], most: 500 }

test('what is done to many items at once', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id, staging } = shop
  const place = { project_id, branch: 'main' }
  const uids = Array.from({ length: 60 }, (_, n) => `book${n}`)
  for (const uid of uids) await shop.write(uid, uid)
  const count = async (work: () => Promise<unknown>) => (await recordStatements(ctx.db, work)).length
  const items = (...range: [number, number]) => uids.slice(...range).map((uid) => book(uid))

  await t.test('takes as many statements for forty items as for two', async () => {
    const release = async () => ({ project_id, release_id: (await shop.release()).id })
    const [one, two] = [await release(), await release()]
    const add = (to: typeof one, ...range: [number, number]) =>
      count(() => addInBulk(as.releaser, { ...to, items: items(...range), ...how }))
    t.assert.equal(await add(two, 0, 40), await add(one, 0, 2))
    const publish = (...range: [number, number]) =>
      count(() =>
        publishInBulk(as.releaser, {
          ...{ ...place, action: 'publish', locales: ['en-us', 'fr-fr'], with_references: true },
          ...{ environment_ids: [staging], items: uids.slice(...range).map((uid) => ({ uid, version: 1 })) },
        }),
      )
    t.assert.equal(await publish(0, 40), await publish(40, 42))
    const remove = (...range: [number, number]) =>
      count(() =>
        removeInBulk(as.releaser, {
          ...{ ...place, assets: [] },
          entries: uids.slice(...range).map((uid) => ({ uid, content_type_uid: 'book' })),
        }),
      )
    t.assert.equal(await remove(2, 42), await remove(0, 2))
    const list = (limit: number) => count(() => listQueue(ctx, { ...place, limit, offset: 0 }))
    t.assert.equal(await list(100), await list(1))
  })

  await t.test('two who add the same at once add it once, and each is told', async () => {
    const { id: release_id } = await shop.release()
    const add = () => addInBulk(as.releaser, { project_id, release_id, items: items(50, 60), ...how })
    const jobs = await Promise.all([add(), add()])
    const counts = await Promise.all(
      jobs.map(async ({ job_id }) => (await getBulkJob(ctx, { ...place, job_id })).counts),
    )
    t.assert.deepEqual(counts.map(({ done, failed }) => [done, failed]).toSorted(), [
      [0, 10],
      [10, 0],
    ])
    const kept = await ctx.db
      .selectFrom('release_item')
      .select('item_key')
      .where('release_id', '=', release_id)
      .execute()
    t.assert.equal(kept.length, 10)
  })

  await t.test('what is refused leaves nothing behind: no item, no job, no event', async () => {
    const { id: release_id } = await shop.release(items(50, 55))
    const rows = async () => {
      const [jobs, events, held] = await Promise.all([
        ctx.db.selectFrom('bulk_job').select('id').execute(),
        ctx.db.selectFrom('event').select('id').execute(),
        ctx.db.selectFrom('release_item').select('item_key').where('release_id', '=', release_id).execute(),
      ])
      return [jobs.length, events.length, held.length]
    }
    const before = await rows()
    await t.assert.rejects(
      addInBulk(as.releaser, { project_id, release_id, items: items(55, 60), ...how, most: 7 }),
      { code: 'limit_reached' },
    )
    await t.assert.rejects(
      publishInBulk(as.releaser, {
        ...{ ...place, action: 'publish', locales: [], with_references: false, environment_ids: [staging] },
        items: [{ uid: 'book50' }, { uid: 'nowhere' }],
      }),
      { code: 'invalid' },
    )
    t.assert.deepEqual(await rows(), before)
  })
})
