import { test, type TestContext } from 'node:test'
import { listLive } from '#app/live/list-live.ts'
import { listWhereabouts } from '#app/releases/list-whereabouts.ts'
import { diffRelease } from '#app/releases/diff-release.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import type { Ending } from '#executors/contract.ts'
import { craneExecutor, slipped } from './crane-executor.ts'
import { liveOf, resultsOf, run } from './orders.ts'
import { ended } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

/** A warehouse with a crane that comes out as it is told. */
async function yard(t: TestContext, settings: { never_unchanged?: boolean } = {}) {
  const told: { ending?: Ending } = {}
  const lift = (): Ending => told.ending ?? { state: 'succeeded' }
  const house = await warehouse(t, {
    executor: 'crane',
    executors: [craneExecutor({ lift, ...settings })],
  })
  return { house, told }
}

async function uncertainOf({ ctx, environment }: Warehouse) {
  const rows = await listLive(ctx, { environment_id: environment.id, uncertain: true, limit: 100 })
  return rows.map(({ item_key, version }) => [item_key, version])
}

test('uncertain is an item touched by a deployment that reached applying and did not succeed', async (t: TestContext) => {
  const { house, told } = await yard(t)
  await run(house, (await house.release({ a: '1', b: '1', same: '1' })).id)
  told.ending = slipped('a')
  const failed = await run(house, (await house.release({ a: '2', b: '2', c: '2', same: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'slipped'])
  t.assert.deepStrictEqual(await uncertainOf(house), [
    ['b', '1'],
    ['c', null],
  ])
  t.assert.deepStrictEqual(failed.counts, { done: 1, unchanged: 1, failed: 0, left: 2, uncertain: 2 })
  const items = await listDeploymentItems(house.ctx, { deployment_id: failed.id })
  t.assert.deepStrictEqual(
    items.map(({ item_key, outcome, uncertain }) => [item_key, outcome, uncertain]),
    [
      ['a', 'done', false],
      ['b', 'left', true],
      ['c', 'left', true],
      ['same', 'unchanged', false],
    ],
  )
  t.assert.deepStrictEqual(failed.allowed_actions, ['roll_back', 'retry'])

  told.ending = { state: 'failed', code: 'refused', detail: 'It did not begin.', untouched: true }
  const untouched = await run(house, (await house.release({ d: '1' }, 'Untouched')).id)
  t.assert.deepStrictEqual([untouched.state, untouched.counts.uncertain ?? 0], ['failed', 0])
})

test('no plan calls an uncertain item unchanged, and no shortcut skips it; a success clears it', async (t: TestContext) => {
  const { house, told } = await yard(t)
  const { ctx, environment, project } = house
  const release = await house.release({ a: '1' })
  await run(house, release.id)
  told.ending = slipped()
  await run(house, release.id, { forced: true })
  t.assert.deepStrictEqual(await uncertainOf(house), [['a', '1']])
  const its = { project_id: project.id, release_id: release.id }
  const [where] = await listWhereabouts(ctx, its)
  t.assert.deepStrictEqual([where?.whereabouts, where?.uncertain], ['not', 1])
  const against = { environment_id: environment.id }
  const diff = await diffRelease(ctx, { ...its, against, limit: 10 })
  t.assert.deepStrictEqual(
    diff.map(({ key, change, uncertain }) => [key, change, uncertain]),
    [['a', 'changed', true]],
  )

  delete told.ending
  const dry = await run(house, release.id, { dry_run: true })
  const plan = await getPlan(ctx, { deployment_id: dry.id })
  t.assert.deepStrictEqual(
    plan?.changes.map(({ action, before, after }) => [action, before, after]),
    [['publish', '1', '1']],
  )
  const again = await run(house, release.id)
  t.assert.strictEqual(again.state, 'succeeded', 'and not unchanged')
  t.assert.deepStrictEqual(await uncertainOf(house), [])
  t.assert.strictEqual((await run(house, release.id)).state, 'unchanged')
})

test('an executor that calls what is uncertain unchanged is not believed', async (t: TestContext) => {
  const blind = {
    ...craneExecutor(),
    plan: async (task: {
      items: readonly { key: string; kind: string; title: string; version: string | null }[]
    }) =>
      task.items.map(({ version, key, kind, title }) => ({
        ...{ key, kind, title, action: 'none' as const, before: version, after: version },
        undo: 'none_needed' as const,
      })),
  }
  const house = await warehouse(t, { executor: 'crane', executors: [blind] })
  const release = await house.release({ a: '1' })
  await house.ctx.db
    .insertInto('live')
    .values({
      ...{ environment_id: house.environment.id, item_key: 'a', kind: 'box', title: 'A', version: '1' },
      ...{ uncertain: true, updated_at: house.ctx.now() },
    })
    .execute()
  const done = await run(house, release.id)
  t.assert.deepStrictEqual(await resultsOf(house, done.id), [['a', 'update', '1', '1', 'done']])
  t.assert.deepStrictEqual(await uncertainOf(house), [])
  t.assert.strictEqual((await run(house, release.id)).state, 'unchanged')
})

test('a deployment with uncertain items is rolled back: what was done and what may have been', async (t: TestContext) => {
  const { house, told } = await yard(t)
  const { ctx, as, environment } = house
  await run(house, (await house.release({ a: '1', b: '1' })).id)
  told.ending = slipped('a')
  const failed = await run(house, (await house.release({ a: '2', b: '2', c: '2' }, 'Bad')).id)
  delete told.ending
  const { deployment, conflicts } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    deployment_id: failed.id,
  })
  t.assert.deepStrictEqual(conflicts, [])
  await ended(ctx, deployment.id)
  const back = await getDeployment(ctx, { deployment_id: deployment.id })
  t.assert.strictEqual(back.state, 'succeeded')
  t.assert.deepStrictEqual(await resultsOf(house, back.id), [
    ['a', 'publish', '2', '1', 'done'],
    ['b', 'publish', '1', '1', 'done'],
    ['c', 'unpublish', null, null, 'done'],
  ])
  t.assert.deepStrictEqual(await uncertainOf(house), [])
})

test('a rollback without a name begins at what may have done something, not one step further back', async (t: TestContext) => {
  const { house, told } = await yard(t)
  const { ctx, as, environment } = house
  const here = { environment_id: environment.id }
  await run(house, (await house.release({ a: '1' }, 'R1')).id)
  await run(house, (await house.release({ a: '2' }, 'R2')).id)
  told.ending = slipped()
  const bad = await run(house, (await house.release({ a: '3' }, 'R3')).id)
  told.ending = { state: 'failed', code: 'refused', detail: 'It did not begin.', untouched: true }
  await run(house, (await house.release({ a: '4' }, 'R4')).id)
  delete told.ending
  const first = await requestRollback(as.releaser, here)
  t.assert.strictEqual(first.deployment.rolls_back, bad.id)
  t.assert.strictEqual((await ended(ctx, first.deployment.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '2' })
  const second = await requestRollback(as.releaser, here)
  t.assert.strictEqual(second.deployment.release_name, 'Rollback of R2')
})

test('code is never unchanged: every accepted deployment of it runs', async (t: TestContext) => {
  const { house } = await yard(t, { never_unchanged: true })
  const release = await house.release({ a: '1' })
  for (const _ of [1, 2, 3]) t.assert.strictEqual((await run(house, release.id)).state, 'succeeded')
  const dry = await run(house, release.id, { dry_run: true })
  t.assert.deepStrictEqual(dry.counts, { publish: 1 })
})
