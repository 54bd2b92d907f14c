import { test, type TestContext } from 'node:test'
import { deployAtOnceIn } from '#app/deployments/deploy-at-once.ts'
import { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { transact } from '#app/context.ts'
import { listLive } from '#app/live/list-live.ts'
import { holdRelease } from '#app/releases/release-view.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { reportedStatusNames, type ReportedStatus } from '#domain/reported-status.ts'
import fc from 'fast-check'
import { sharedWarehouse, type Warehouse } from '../../engine/warehouse.ts'
import { answerOf } from '../refusal.ts'

const warehouse = sharedWarehouse([])

async function ask(house: Warehouse, release_id: string) {
  const [made] = await requestDeployments(house.as.releaser, {
    project_id: house.project.id,
    release_id,
    environment_ids: [house.environment.id],
  })
  return made!
}

function eventsOf({ ctx }: Warehouse, deploymentId: string) {
  return ctx.db.selectFrom('event').select(['kind', 'data']).where('subject_id', '=', deploymentId).execute()
}

async function liveIn({ ctx, environment }: Warehouse): Promise<Record<string, string | null>> {
  const rows = await listLive(ctx, { environment_id: environment.id, limit: 100 })
  return Object.fromEntries(
    rows.map((row) => [row.item_key, row.uncertain ? `${row.version}?` : row.version]),
  )
}

test('a deployment to an environment without an executor is driven by its caller', async (t: TestContext) => {
  const house = await warehouse({ executor: 'none' })
  const release = await house.release({ a: '1', b: '2' })
  const made = await ask(house, release.id)
  t.assert.deepEqual([made.driver, made.state], ['caller', 'queued'])

  const report = (status: ReportedStatus, id = made.id) =>
    reportDeployment(house.as.releaser, { deployment_id: id, status })
  t.assert.equal((await report('in_progress')).state, 'applying')
  const done = await report('success')
  t.assert.deepEqual([done.state, done.reported, done.counts.done], ['succeeded', 'success', 2])
  t.assert.deepEqual(await liveIn(house), { a: '1', b: '2' })

  // What it did can be put back, by the same means.
  const { deployment: back } = await requestRollback(house.as.releaser, {
    environment_id: house.environment.id,
  })
  t.assert.deepEqual([back.driver, back.state], ['caller', 'queued'])
  await report('success', back.id)
  t.assert.deepEqual(await liveIn(house), {})
})

test('the eight words of a caller come in any order, outside the index of what runs', async (t: TestContext) => {
  const house = await warehouse({ executor: 'none' })
  const release = await house.release({ a: '1' })
  const word = fc.constantFrom(...reportedStatusNames)
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
      const [one, other] = [await ask(house, release.id), await ask(house, release.id)]
      for (const status of words) {
        // Both at once: no index keeps one from running beside the other.
        for (const { id } of [one, other]) await reportDeployment(house.ctx, { deployment_id: id, status })
      }
      const last = words.at(-1)!
      const ended = await reportDeployment(house.ctx, { deployment_id: one.id, status: last })
      t.assert.equal(ended.reported, last)
      if (last === 'success') t.assert.deepEqual(await liveIn(house), { a: '1' })
      if (last === 'failure' || last === 'error') t.assert.match((await liveIn(house)).a ?? '', /\?$/)
      const items = await listDeploymentItems(house.ctx, { deployment_id: one.id })
      const over = ['success', 'failure', 'error'].includes(last)
      t.assert.equal(items.length > 0, over || (last === 'canceled' && items.length > 0))
    }),
    { numRuns: 12 },
  )
})

test('who may not deploy may not report, and nobody reports on what the engine drives', async (t: TestContext) => {
  const house = await warehouse({ executor: 'none' })
  const release = await house.release({ a: '1' })
  const { id: deployment_id } = await ask(house, release.id)
  for (const role of ['viewer', 'approver'] as const)
    t.assert.equal(
      await answerOf(() => reportDeployment(house.as[role], { deployment_id, status: 'success' })),
      'forbidden',
    )
  const engine = await warehouse()
  const other = await engine.release({ a: '1' })
  const driven = await ask(engine, other.id)
  const report = () => reportDeployment(engine.as.releaser, { deployment_id: driven.id, status: 'success' })
  t.assert.equal(await answerOf(report), 'not_possible_now')
})

test('a report says again what it said, and nothing happens', async (t: TestContext) => {
  const house = await warehouse({ executor: 'none' })
  const { id: deployment_id } = await ask(house, (await house.release({ a: '1' })).id)
  await reportDeployment(house.ctx, { deployment_id, status: 'success' })
  const before = await eventsOf(house, deployment_id)
  await reportDeployment(house.ctx, { deployment_id, status: 'success' })
  t.assert.equal((await eventsOf(house, deployment_id)).length, before.length)
})

test('no gate stops a report; a shut one is told as reported_despite', async (t: TestContext) => {
  const house = await warehouse({ executor: 'none' })
  const release = await house.release({ a: '1' })
  const { id: deployment_id } = await ask(house, release.id)
  await updateRelease(house.as.releaser, {
    project_id: house.project.id,
    release_id: release.id,
    locked: true,
  })
  const done = await reportDeployment(house.as.releaser, { deployment_id, status: 'success' })
  t.assert.equal(done.state, 'succeeded')
  const told = await eventsOf(house, deployment_id)
  t.assert.deepEqual(
    told.filter(({ kind }) => kind === 'deployment.reported_despite').map(({ data }) => data.gates),
    [['lock']],
  )
})

test("the inline driver moves a deployment in its caller's transaction, or keeps it with what is shut", async (t: TestContext) => {
  const house = await warehouse()
  const release = await house.release({ a: '1' })
  const activate = (fail = false) =>
    transact(house.as.releaser, async (unit) => {
      const row = await holdRelease(unit.tx, house.project.id, release.id)
      const done = await deployAtOnceIn(house.as.releaser, unit, row, {
        environment_id: house.environment.id,
        apply: async () => {},
      })
      if (fail) throw new Error('the rest of the transaction failed')
      return done
    })
  await t.assert.rejects(activate(true))
  t.assert.deepEqual(await liveIn(house), {})

  const { deployment, blockers } = await activate()
  t.assert.deepEqual([deployment?.driver, deployment?.state, blockers], ['inline', 'succeeded', []])
  t.assert.deepEqual(await liveIn(house), { a: '1' })

  await house.pin(release.id, { a: '2' })
  await updateRelease(house.as.releaser, {
    project_id: house.project.id,
    release_id: release.id,
    locked: true,
  })
  const kept = await activate()
  t.assert.equal(kept.deployment, null)
  t.assert.deepEqual(
    kept.blockers.map(({ code }) => code),
    ['lock'],
  )
  await updateEnvironment(house.ctx, {
    ...{ project_id: house.project.id, environment_id: house.environment.id, approvals_needed: 1 },
  })
  t.assert.deepEqual(
    (await activate()).blockers.map(({ code }) => code),
    ['lock', 'approval'],
    'nobody can agree to it later',
  )
  t.assert.deepEqual(await liveIn(house), { a: '1' })
})
