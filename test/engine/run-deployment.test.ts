import { test, type TestContext } from 'node:test'
import { getPlan } from '#app/deployments/get-plan.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { listLive } from '#app/live/list-live.ts'
import { liveOf, resultsOf, run } from './orders.ts'
import { countPuts, readShelf, shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { sharedWarehouse, warehouse } from './warehouse.ts'

const warehouseHere = sharedWarehouse([shelfExecutor()])

test('a release is brought to an environment, with a result for every item', async (t: TestContext) => {
  const house = await warehouseHere()
  const { ctx, as, environment, project } = house
  const release = await house.release({ a: '1', b: '2', c: null })
  const done = await run(house, release.id, { reason: 'spring is here' })

  t.assert.strictEqual(done.state, 'succeeded')
  t.assert.deepStrictEqual(done.counts, { done: 2, unchanged: 1, failed: 0, left: 0 })
  t.assert.deepStrictEqual(
    [done.revision_number, done.release_name, done.environment_name, done.reason, done.failure_code],
    [1, 'Spring', 'shelf 1', 'spring is here', null],
  )
  t.assert.strictEqual(done.requested_by, as.releaser.principal?.user_id)
  t.assert.deepStrictEqual(done.allowed_actions, ['roll_back'])
  t.assert.deepStrictEqual(done.blockers, [])
  for (const at of [done.requested_at, done.queued_at, done.started_at, done.finished_at])
    t.assert.deepStrictEqual(at, house.clock.now)

  t.assert.deepStrictEqual(await resultsOf(house, done.id), [
    ['a', 'publish', null, '1', 'done'],
    ['b', 'publish', null, '2', 'done'],
    ['c', 'none', null, null, 'unchanged'],
  ])
  const plan = await getPlan(ctx, { deployment_id: done.id })
  t.assert.match(plan?.digest ?? '', /^sha256:[0-9a-f]{64}$/)
  t.assert.deepStrictEqual(
    plan?.changes.map((change) => change.undo),
    ['unpublish', 'unpublish', 'none_needed'],
  )
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '2' })
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { a: '1', b: '2' })
  const [row] = await listLive(ctx, { environment_id: environment.id, limit: 1 })
  t.assert.deepStrictEqual(
    [row?.deployment_id, row?.title, row?.kind, row?.uncertain],
    [done.id, 'Box a', 'box', false],
  )
  t.assert.strictEqual(done.project_id, project.id)
})

test('what a release does not name stays, what it unpublishes goes', async (t: TestContext) => {
  const house = await warehouseHere()
  await run(house, (await house.release({ a: '1', b: '1', c: '1' })).id)
  const next = await run(house, (await house.release({ b: '2', c: null }, 'Summer')).id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '2' })
  t.assert.deepStrictEqual(await resultsOf(house, next.id), [
    ['b', 'publish', '1', '2', 'done'],
    ['c', 'unpublish', '1', null, 'done'],
  ])
})

test('what is there already is unchanged, and done again only when forced', async (t: TestContext) => {
  const house = await warehouseHere()
  const { ctx, environment } = house
  const release = await house.release({ a: '1', b: null })
  const first = await run(house, release.id)
  const again = await run(house, release.id)
  t.assert.strictEqual(again.state, 'unchanged')
  t.assert.notStrictEqual(again.finished_at, null)
  t.assert.strictEqual(again.revision_id, first.revision_id)
  t.assert.deepStrictEqual(await resultsOf(house, again.id), [
    ['a', 'none', '1', '1', 'unchanged'],
    ['b', 'none', null, null, 'unchanged'],
  ])
  t.assert.deepStrictEqual(await countPuts(ctx.db, environment.id), { a: 1 })

  const forced = await run(house, release.id, { forced: true })
  t.assert.strictEqual(forced.state, 'succeeded')
  t.assert.deepStrictEqual(await resultsOf(house, forced.id), [
    ['a', 'publish', '1', '1', 'done'],
    ['b', 'unpublish', null, null, 'done'],
  ])
  t.assert.deepStrictEqual(await countPuts(ctx.db, environment.id), { a: 2, b: 1 })
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})

test('a dry run ends planned and changes nothing', async (t: TestContext) => {
  const house = await warehouseHere()
  const { ctx, environment } = house
  const release = await house.release({ a: '1' })
  for (const forced of [false, true]) {
    const dry = await run(house, release.id, { dry_run: true, forced })
    t.assert.strictEqual(dry.state, 'planned')
    t.assert.deepStrictEqual(dry.counts, { publish: 1 })
    const plan = await getPlan(ctx, { deployment_id: dry.id })
    t.assert.deepStrictEqual(
      plan?.changes.map(({ key, action, before, after }) => [key, action, before, after]),
      [['a', 'publish', null, '1']],
    )
    t.assert.deepStrictEqual(await resultsOf(house, dry.id), [])
  }
  t.assert.deepStrictEqual(await liveOf(house), {})
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), {})
  t.assert.strictEqual((await run(house, release.id)).state, 'succeeded')
  // Nothing left to do is still a plan.
  t.assert.strictEqual((await run(house, release.id, { dry_run: true })).state, 'planned')
})

test('selected items alone are brought, and the revision is that of all', async (t: TestContext) => {
  const house = await warehouseHere()
  const release = await house.release({ a: '1', b: '1', c: '1' })
  const some = await run(house, release.id, { select: (item) => item.key !== 'b' })
  t.assert.deepStrictEqual(some.selected_keys, ['a', 'c'])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', c: '1' })
  const all = await run(house, release.id, { select: () => true })
  t.assert.strictEqual(all.selected_keys, null)
  t.assert.strictEqual(all.revision_id, some.revision_id)
  t.assert.deepStrictEqual(
    (await resultsOf(house, all.id)).map(([key, , , , outcome]) => [key, outcome]),
    [
      ['a', 'unchanged'],
      ['b', 'done'],
      ['c', 'unchanged'],
    ],
  )
})

test('a deployment keeps the revision of its request, whatever is pinned later', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as, project, environment } = house
  const release = await house.release({ a: '1' })
  const target = { project_id: project.id, release_id: release.id, environment_ids: [environment.id] }
  const [one] = await requestDeployments(as.releaser, target)
  await house.pin(release.id, { a: '2' })
  await house.start([shelfExecutor()])
  await ended(ctx, one!.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})
