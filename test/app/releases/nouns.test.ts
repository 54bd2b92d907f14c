import { test, type TestContext } from 'node:test'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { listLive } from '#app/live/list-live.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { getRevision } from '#app/releases/get-revision.ts'
import { listRevisions } from '#app/releases/list-revisions.ts'
import { listWhereabouts } from '#app/releases/list-whereabouts.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { planChanges } from '#domain/plan.ts'
import { digestOf, revisionDigest } from '#domain/revision.ts'
import { craneExecutor } from '../../engine/crane-executor.ts'
import { ask, run } from '../../engine/orders.ts'
import { shelfExecutor } from '../../engine/shelf-executor.ts'
import { ended } from '../../engine/wait-for.ts'
import { sharedWarehouse } from '../../engine/warehouse.ts'
import { refusal } from '../refusal.ts'

/** What it did to a database cannot be undone. */
const crane = {
  ...craneExecutor(),
  plan: async (task: Parameters<typeof planChanges>[0]) =>
    planChanges(task).map((change) =>
      change.key === 'database' ? { ...change, undo: 'impossible' as const } : change,
    ),
}

const warehouse = sharedWarehouse([shelfExecutor(), crane])

test('live is kept per item: environment and key to version, and the deployment that put it there', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, environment } = house
  const first = await run(house, (await house.release({ a: '1', b: '1' })).id)
  const second = await run(house, (await house.release({ b: '2' }, 'Second')).id)
  const live = await listLive(ctx, { environment_id: environment.id, limit: 10 })
  t.assert.deepStrictEqual(
    live.map((row) => [row.environment_id, row.item_key, row.version, row.deployment_id]),
    [
      [environment.id, 'a', '1', first.id],
      [environment.id, 'b', '2', second.id],
    ],
  )
})

test('whether an environment is at a release is derived from that: wholly, partly, not', async (t: TestContext) => {
  const house = await warehouse({ environments: 3 })
  const { ctx, environments, project } = house
  const release = await house.release({ a: '1', b: '1' })
  const [one, two] = environments.map(({ id }) => id)
  await run(house, release.id, { environment_ids: [one!] })
  const part = await ask(house, release.id, { environment_ids: [two!], select_keys: ['a'] })
  await ended(ctx, part.id)
  const where = await listWhereabouts(ctx, { project_id: project.id, release_id: release.id })
  t.assert.deepStrictEqual(
    where.map(({ environment_name, whereabouts, there }) => [environment_name, whereabouts, there]),
    [
      ['shelf 1', 'wholly', 2],
      ['shelf 2', 'partly', 1],
      ['shelf 3', 'not', 0],
    ],
  )
})

test('a revision is immutable and numbered, with a digest over canonical JSON; a deployment pins it when it is requested', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, project } = house
  const release = await house.release({ a: '1' })
  const its = { project_id: project.id, release_id: release.id }
  const first = await ask(house, release.id)
  await house.pin(release.id, { a: '2' })
  const second = await ask(house, release.id)
  await house.pin(release.id, { a: '1' })
  const third = await ask(house, release.id)
  t.assert.deepStrictEqual(
    [first, second, third].map(({ revision_number }) => revision_number),
    [1, 2, 1],
    'equal digest, same revision',
  )
  const [newest, oldest] = await listRevisions(ctx, { ...its, limit: 10 })
  t.assert.deepStrictEqual([newest?.number, oldest?.number], [2, 1])
  const { items, scope, digest } = await getRevision(ctx, { ...its, number: 1 })
  t.assert.deepStrictEqual(
    items.map(({ key, version }) => [key, version]),
    [['a', '1']],
  )
  t.assert.strictEqual(digest, revisionDigest(scope, items))
  const said = items.map(({ key, kind, action, version }) => ({ version, key, action, kind }))
  t.assert.strictEqual(digest, digestOf({ items: said, scope }))
  await refusal(() => getRevision(ctx, { ...its, number: 3 }), 'not_found')
})

test('a plan says that a change cannot be undone, before anybody deploys it', async (t: TestContext) => {
  const house = await warehouse({ kind: 'data', executor: 'crane' })
  await run(house, (await house.release({ database: '1', network: '1' })).id)
  const dry = await run(house, (await house.release({ network: '2' }, 'Smaller')).id, { dry_run: true })
  const plan = await getPlan(house.ctx, { deployment_id: dry.id })
  t.assert.deepStrictEqual(
    plan?.irreversible.map(({ key, action, undo }) => [key, action, undo]),
    [['database', 'delete', 'impossible']],
  )
  t.assert.deepStrictEqual(plan?.counts, { update: 1, delete: 1 })
})

test('rolling back makes a new revision, has a plan first, and can itself be rolled back', async (t: TestContext) => {
  const house = await warehouse()
  const { as, ctx, environment, project } = house
  await run(house, (await house.release({ a: '1' })).id)
  const bad = await run(house, (await house.release({ a: '2' }, 'Bad')).id)
  const here = { project_id: project.id, environment_id: environment.id }
  const versions: (string | null | undefined)[] = []
  let last = bad
  for (let n = 0; n < 3; n += 1) {
    const asked = { ...here, deployment_id: last.id }
    const dry = await requestRollback(as.releaser, { ...asked, dry_run: true })
    t.assert.strictEqual((await ended(ctx, dry.deployment.id)).state, 'planned')
    const plan = await getPlan(ctx, { deployment_id: dry.deployment.id })
    const { id } = await deployPlan(as.releaser, { ...here, plan_id: plan!.id })
    const done = await ended(ctx, id)
    t.assert.notStrictEqual(done.revision_id, last.revision_id)
    versions.push((await listLive(ctx, { ...here, limit: 1 }))[0]?.version)
    last = { ...last, id, revision_id: done.revision_id }
  }
  t.assert.deepStrictEqual(versions, ['1', '2', '1'], 'back, forth and back again')
})

test('a release is open or locked, and a lock stops its edits', async (t: TestContext) => {
  const house = await warehouse()
  const { as, project } = house
  const release = await house.release({ a: '1' })
  const its = { project_id: project.id, release_id: release.id }
  const edit = () =>
    addReleaseItems(as.releaser, { ...its, items: [{ key: 'main/x/en-us', action: 'publish' }] })
  t.assert.strictEqual(release.lock, null)
  const locked = await updateRelease(as.releaser, { ...its, locked: true, reason: 'it is checked' })
  t.assert.deepStrictEqual([locked.lock, locked.lock_reason], ['user', 'it is checked'])
  t.assert.deepStrictEqual(await refusal(edit, 'release_locked'), { release_id: release.id, by: 'user' })
  await updateRelease(as.approver, { ...its, locked: false })
  await refusal(edit, 'invalid')
})
