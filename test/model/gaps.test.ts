import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { getRun } from '#app/runs/get-run.ts'
import { checkEnvironment } from '#app/runs/check-environment.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { claimSealing } from '#store/event-seal.ts'
import { kindsAbout } from '../engine/event-log.ts'
import { quietHouse } from '../engine/quiet-house.ts'
import { makeWorld } from '../app/world.ts'
import { commandHouse, said } from '../executors/command/command-house.ts'
import { webhookHouse } from '../executors/webhook/webhook-house.ts'
import { testStore } from '../fresh-store.ts'
import { openHouse } from '../open-house.ts'

test('publishing directly is a deployment of an unnamed release: same gates, plan and events', async (t: TestContext) => {
  const { ctx, start, clock } = await quietHouse(t)
  const world = await makeWorld(ctx)
  const { project_id, environment_id } = world
  const asked = { project_id, environment_ids: [environment_id] }
  const named = { ...asked, release_id: world.release_id }
  const direct = { ...asked, branch: 'main', items: [{ key: 'main/blt1/en-us', action: 'publish' as const }] }
  const expires_at = new Date(clock.now.getTime() + 3_600_000)
  await setFreeze(ctx, { project_id, environment_id, reason: 'Stop.', expires_at })
  const both = [...(await requestDeployments(ctx, named)), ...(await requestOneShot(ctx, direct))]
  for (const { state, blockers } of both)
    t.assert.deepEqual([state, blockers.map(({ code }) => code)], ['requested', ['freeze']])
  t.assert.equal(both[1]?.release_name, '')

  clock.now = new Date(expires_at.getTime() + 1000)
  const engine = await start([contentExecutor])
  await engine.sweep()
  const [first, second] = await Promise.all(both.map(({ id }) => endOf(ctx, id)))
  t.assert.deepEqual([first?.state, second?.state], ['succeeded', 'unchanged'])
  t.assert.ok(first?.plan_id && second?.plan_id)
  const lived = async (id: string) => (await kindsAbout(ctx, id)).slice(0, 3)
  t.assert.deepEqual(await lived(both[1]!.id), await lived(both[0]!.id))
})

test('a run is an invocation of an executor that is no deployment: same engine, log and cancel', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('echo "checked: $HEADGATE_CHECK"; sleep 60')
  const run = await checkEnvironment(house.as.releaser, { environment_id: house.environment.id })
  await said(house, { run_id: run.id }, 'stdout checked: 1')
  await cancelRun(house.as.releaser, { run_id: run.id })
  while (!['canceled', 'failed'].includes((await getRun(house.ctx, { run_id: run.id })).state))
    await sleep(20)
  t.assert.equal((await getRun(house.ctx, { run_id: run.id })).state, 'canceled')
  t.assert.deepEqual(await house.ctx.db.selectFrom('deployment').select('id').execute(), [])
})

test('no writer waits on the chain: events are written while somebody seals, and sealed later', async (t: TestContext) => {
  const { ctx } = await quietHouse(t)
  const write = () => makeWorld(ctx)
  if (testStore === 'embedded') {
    // One connection: nobody seals here, and nobody who writes minds.
    await write()
  } else {
    await ctx.db.transaction().execute(async (tx) => {
      t.assert.ok(await claimSealing(tx))
      await write()
    })
  }
  const events = await ctx.db.selectFrom('event').select('id').execute()
  const seals = await ctx.db.selectFrom('event_seal').select('position').execute()
  t.assert.ok(events.length > 0)
  t.assert.equal(seals.length, 0)
})

test('a report on what the engine drives is the run’s report, except for a command', async (t: TestContext) => {
  const { deploy, message, ended, ask } = await webhookHouse(t)
  const asked = await deploy()
  await message(asked)
  const reported = await ask(`/headgate/v1/deployments/${asked.id}/report`, { json: { status: 'success' } })
  t.assert.equal(reported.status, 200)
  t.assert.equal((await ended(asked)).state, 'succeeded')

  const house = await commandHouse(t)
  await house.script('echo begun; sleep 60')
  const release = await house.release({ a: '1' })
  const [made] = await requestDeployments(house.as.releaser, {
    ...{ project_id: house.project.id, release_id: release.id, environment_ids: [house.environment.id] },
  })
  await said(house, { deployment_id: made!.id }, 'stdout begun')
  const report = reportDeployment(house.as.releaser, { deployment_id: made!.id, status: 'success' })
  await t.assert.rejects(report, { code: 'not_possible_now' })
  await cancelDeployment(house.as.releaser, { deployment_id: made!.id })
  await endOf(house.ctx, made!.id)
})

test('live and ready need no token', async (t: TestContext) => {
  const { url } = await openHouse(t)
  for (const probe of ['live', 'ready'])
    t.assert.equal((await fetch(`${url}/headgate/v1/${probe}`)).status, 200)
})

async function endOf({ db }: Pick<Awaited<ReturnType<typeof quietHouse>>['ctx'], 'db'>, id: string) {
  for (let look = 0; look < 1000; look += 1) {
    const row = await db.selectFrom('deployment').selectAll().where('id', '=', id).executeTakeFirst()
    if (row?.finished_at) return row
    await sleep(10)
  }
  throw new Error(`deployment ${id} did not end`)
}
