import { test, type TestContext } from 'node:test'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { requestRollback, type RollbackRequest } from '#app/deployments/request-rollback.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { kindsAbout, readEvents } from '../../engine/event-log.ts'
import { liveOf, resultsOf, run } from '../../engine/orders.ts'
import { readShelf, shelfExecutor } from '../../engine/shelf-executor.ts'
import { ended } from '../../engine/wait-for.ts'
import { sharedWarehouse, type Warehouse } from '../../engine/warehouse.ts'
import { refusal } from '../refusal.ts'

const warehouse = sharedWarehouse([shelfExecutor({ faultyInPlan: ['torn'] })])

/** Asks for a rollback of the first environment and waits for its end. */
async function rollBack(house: Warehouse, request: Partial<RollbackRequest> = {}) {
  const { environment, as, ctx } = house
  const { deployment, conflicts } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    ...request,
  })
  await ended(ctx, deployment.id)
  return { ...(await getDeployment(ctx, { deployment_id: deployment.id })), conflicts }
}

async function deploy(house: Warehouse, items: Record<string, string | null>, name?: string) {
  return run(house, (await house.release(items, name)).id)
}

test('a rollback restores what was changed, unpublishes what was added, and puts back what went', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, as, environment } = house
  await deploy(house, { changed: '1', gone: '1', kept: '1' })
  const bad = await deploy(house, { changed: '2', gone: null, added: '1', never: null }, 'Bad')
  const back = await rollBack(house, { reason: 'it was bad' })

  t.assert.strictEqual(back.state, 'succeeded')
  t.assert.deepStrictEqual(back.conflicts, [])
  t.assert.deepStrictEqual(await liveOf(house), { changed: '1', gone: '1', kept: '1' })
  t.assert.deepStrictEqual(await readShelf(ctx.db, environment.id), { changed: '1', gone: '1', kept: '1' })
  t.assert.deepStrictEqual(await resultsOf(house, back.id), [
    ['changed', 'publish', '2', '1', 'done'],
    ['gone', 'publish', null, '1', 'done'],
    ['added', 'unpublish', '1', null, 'done'],
  ])
  t.assert.deepStrictEqual(
    [back.rolls_back, back.release_name, back.reason, back.requested_by],
    [bad.id, 'Rollback of Bad', 'it was bad', as.releaser.principal?.user_id],
  )
  t.assert.notStrictEqual(back.revision_id, bad.revision_id)
  const listed = await listReleases(ctx, { project_id: house.project.id, order: 'newest', limit: 10 })
  t.assert.deepStrictEqual(
    listed.releases.map(({ name }) => name),
    ['Bad', 'Spring'],
    'it shows in no list',
  )
  const [requested] = (await readEvents(ctx)).filter(({ subject_id }) => subject_id === back.id)
  t.assert.deepStrictEqual([requested?.kind, requested?.reason], ['deployment.requested', 'it was bad'])
  t.assert.strictEqual((await kindsAbout(ctx, back.id)).at(-1), 'deployment.succeeded')
})

test('what something else changed since is told, and left', async (t: TestContext) => {
  const house = await warehouse()
  await deploy(house, { a: '1', b: '1', c: '1' })
  const bad = await deploy(house, { a: '2', b: '2', c: '2' }, 'Bad')
  await deploy(house, { b: '3', c: null }, 'Since')
  const back = await rollBack(house, { deployment_id: bad.id })
  t.assert.deepStrictEqual(back.conflicts, [
    { key: 'b', title: 'Box b', expected: '2', found: '3' },
    { key: 'c', title: 'Box c', expected: '2', found: null },
  ])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '3' })
})

test('where all was changed since there is nothing to put back', async (t: TestContext) => {
  const house = await warehouse()
  const { id } = await deploy(house, { a: '1' })
  await deploy(house, { a: '2' }, 'Since')
  const request = { environment_id: house.environment.id, deployment_id: id }
  const before = (await readEvents(house.ctx)).length
  t.assert.deepStrictEqual(
    await refusal(() => requestRollback(house.as.releaser, request), 'nothing_to_roll_back'),
    {
      deployment_id: id,
      conflicts: [{ key: 'a', title: 'Box a', expected: '1', found: '2' }],
    },
  )
  t.assert.strictEqual((await readEvents(house.ctx)).length, before)
})

test('twice without a name goes two steps back, and then there is none', async (t: TestContext) => {
  const house = await warehouse()
  for (const version of ['1', '2', '3']) await deploy(house, { a: version }, `R${version}`)
  await deploy(house, { a: '3' }, 'Unchanged')
  t.assert.strictEqual((await rollBack(house)).release_name, 'Rollback of R3')
  t.assert.deepStrictEqual(await liveOf(house), { a: '2' })
  t.assert.strictEqual((await rollBack(house)).release_name, 'Rollback of R2')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  t.assert.strictEqual((await rollBack(house)).release_name, 'Rollback of R1')
  t.assert.deepStrictEqual(await liveOf(house), {})
  const request = { environment_id: house.environment.id }
  t.assert.strictEqual(
    (await refusal(() => requestRollback(house.as.releaser, request), 'not_found')).what,
    'deployment',
  )
})

test('a rollback is put back by its name, and what it had put back can be put back again', async (t: TestContext) => {
  const house = await warehouse()
  await deploy(house, { a: '1' }, 'R1')
  const second = await deploy(house, { a: '2', b: '2' }, 'R2')
  const back = await rollBack(house)
  t.assert.strictEqual(back.rolls_back, second.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })

  const forth = await rollBack(house, { deployment_id: back.id })
  t.assert.strictEqual(forth.rolls_back, back.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '2', b: '2' })

  const again = await rollBack(house)
  t.assert.strictEqual(again.rolls_back, second.id, 'R2 stands again, so it is the next to go')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  await rollBack(house)
  t.assert.deepStrictEqual(await liveOf(house), {})
})

test('a dry run of a rollback is a plan', async (t: TestContext) => {
  const house = await warehouse()
  await deploy(house, { a: '1' })
  await deploy(house, { a: '2' }, 'Bad')
  const dry = await rollBack(house, { dry_run: true })
  t.assert.strictEqual(dry.state, 'planned')
  const plan = await getPlan(house.ctx, { deployment_id: dry.id })
  t.assert.deepStrictEqual(
    plan?.changes.map(({ key, action, before, after }) => [key, action, before, after]),
    [['a', 'publish', '2', '1']],
  )
  t.assert.deepStrictEqual(await liveOf(house), { a: '2' })
  t.assert.strictEqual((await rollBack(house)).release_name, 'Rollback of Bad', 'which put nothing back')
})

test('of a deployment that succeeded in part, only what was done is put back', async (t: TestContext) => {
  const house = await warehouse()
  await deploy(house, { a: '1' })
  const release = await house.release({ a: '2', torn: '2', b: null }, 'Partly')
  const partly = await run(house, release.id, { on_item_failure: 'continue' })
  t.assert.strictEqual(partly.state, 'partly_succeeded')
  const back = await rollBack(house)
  t.assert.deepStrictEqual(await resultsOf(house, back.id), [['a', 'publish', '2', '1', 'done']])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})

test('what did nothing cannot be put back, nor what was done elsewhere', async (t: TestContext) => {
  const house = await warehouse({ environments: 2 })
  const { as, ctx, environments } = house
  const [here, there] = environments.map(({ id }) => id)
  const release = await house.release({ a: '1' })
  const done = await run(house, release.id)
  const unchanged = await run(house, release.id)
  const refused = (environment_id: string, deployment_id: string) =>
    refusal(() => requestRollback(as.releaser, { environment_id, deployment_id }), 'not_possible_now')
  t.assert.deepStrictEqual(await refused(here!, unchanged.id), {
    what: 'deployment',
    id: unchanged.id,
    state: 'unchanged',
    action: 'roll back',
  })
  for (const [environment_id, deployment_id] of [
    [there!, done.id],
    [here!, ctx.newId()],
    [ctx.newId(), done.id],
    [there!, undefined],
  ])
    await refusal(
      () =>
        requestRollback(as.releaser, {
          environment_id: environment_id!,
          ...(deployment_id ? { deployment_id } : {}),
        }),
      'not_found',
    )
  await refusal(
    () => requestRollback(as.approver, { environment_id: here!, deployment_id: done.id }),
    'forbidden',
  )
  await refusal(() => requestRollback(as.viewer, { environment_id: here! }), 'forbidden')
})

test("a rollback passes by a user's lock on the release that it puts back", async (t: TestContext) => {
  const house = await warehouse()
  const release = await house.release({ a: '1' })
  await run(house, release.id)
  await updateRelease(house.as.releaser, {
    project_id: house.project.id,
    release_id: release.id,
    locked: true,
  })
  t.assert.strictEqual((await rollBack(house)).state, 'succeeded')
})
