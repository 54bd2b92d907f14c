import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { listDeployments } from '#app/deployments/get-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { lockDeployment } from '#store/deployment.ts'
import { testStore } from '../fresh-store.ts'
import { holdersOf } from './event-log.ts'
import { ask, liveOf } from './orders.ts'
import { countPuts, shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { warehouse } from './warehouse.ts'

const fifty = Array.from({ length: 50 }, (_, n) => n)

test('fifty requests at once run one after the other, each once', async (t: TestContext) => {
  let inside = 0
  const planning = () => {
    inside += 1
    t.assert.strictEqual(inside, 1, 'two in planning or applying')
  }
  const applying = () => void (inside -= 1)
  const executors = [shelfExecutor({ planning, applying })]
  const house = await warehouse(t, { executors })
  // On PostgreSQL two workers want the same environment.
  if (house.store.kind === 'postgres') await house.start(executors)
  const releases = await Promise.all(
    ['1', '2', '3'].map((version) => house.release({ a: version, b: version })),
  )

  const asked = await Promise.all(fifty.map((n) => ask(house, releases[n % 3]!.id, { forced: true })))
  const done = await Promise.all(asked.map(({ id }) => ended(house.ctx, id)))

  t.assert.deepStrictEqual([...new Set(done.map(({ state }) => state))], ['succeeded'])
  t.assert.deepStrictEqual([...new Set(done.map(({ attempt }) => attempt))], [1])
  const holders = await holdersOf(house.ctx, house.environment.id)
  t.assert.deepStrictEqual(holders.toSorted(), asked.map(({ id }) => id).toSorted())
  t.assert.deepStrictEqual(await countPuts(house.ctx.db, house.environment.id), { a: 50, b: 50 })
  const last = done.find(({ id }) => id === holders.at(-1))
  const version = String(releases.findIndex(({ id }) => id === last?.release_id) + 1)
  t.assert.deepStrictEqual(await liveOf(house), { a: version, b: version })
})

test('what waits is run in the order in which it was asked for', async (t: TestContext) => {
  const house = await warehouse(t)
  const release = await house.release({ a: '1' })
  const asked: string[] = []
  for (const n of fifty) {
    if (n % 10 === 0) house.clock.now = new Date(house.clock.now.getTime() + 1000)
    asked.push((await ask(house, release.id, { forced: true })).id)
  }
  await house.start([shelfExecutor()])
  await Promise.all(asked.map((id) => ended(house.ctx, id)))
  t.assert.deepStrictEqual(await holdersOf(house.ctx, house.environment.id), asked)
})

test('of many that claim at the same moment one gets a deployment', async (t: TestContext) => {
  const house = await warehouse(t)
  const release = await house.release({ a: '1' })
  const asked = await Promise.all([1, 2, 3].map(() => ask(house, release.id)))
  const claims = await Promise.all(fifty.map(() => claimDeployment(house.ctx, house.environment.id)))
  const won = claims.filter((claim) => claim !== undefined)
  t.assert.strictEqual(won.length, 1)
  t.assert.strictEqual(won[0]?.id, asked.map(({ id }) => id).toSorted()[0])
  const listed = await listDeployments(house.ctx, { project_id: house.project.id, limit: 10 })
  t.assert.deepStrictEqual(listed.map(({ state }) => state).toSorted(), ['planning', 'queued', 'queued'])
})

test(
  'a claim waits for whoever holds the next deployment, rather than passing it over',
  { skip: testStore === 'embedded' },
  async (t: TestContext) => {
    const house = await warehouse(t)
    const { id } = await ask(house, (await house.release({ a: '1' })).id)
    const taken = new Error('taken back')
    let claim: ReturnType<typeof claimDeployment> | undefined
    const holding = house.ctx.db.transaction().execute(async (tx) => {
      await lockDeployment(tx, id)
      claim = claimDeployment(house.ctx, house.environment.id)
      await sleep(100)
      throw taken
    })
    await t.assert.rejects(holding, taken)
    t.assert.strictEqual((await claim)?.id, id, 'or nobody would be left to wake it')
  },
)

test('one request for several environments is a deployment each, under one id, and they run side by side', async (t: TestContext) => {
  let waiting = 0
  const all = Promise.withResolvers<void>()
  const planning = async () => {
    // Nobody goes on before all have come.
    if ((waiting += 1) === 3) all.resolve()
    await all.promise
  }
  const house = await warehouse(t, { environments: 3, executors: [shelfExecutor({ planning })] })
  const release = await house.release({ a: '1' })
  const environment_ids = house.environments.map(({ id }) => id)
  const asked = await requestDeployments(house.as.releaser, {
    project_id: house.project.id,
    release_id: release.id,
    // Naming one twice makes no second deployment.
    environment_ids: [...environment_ids, environment_ids[0]!],
  })
  t.assert.deepStrictEqual(
    asked.map(({ environment_id }) => environment_id).toSorted(),
    environment_ids.toSorted(),
  )
  t.assert.strictEqual(new Set(asked.map(({ request_id }) => request_id)).size, 1)
  t.assert.strictEqual(new Set(asked.map(({ revision_id }) => revision_id)).size, 1)
  t.assert.notStrictEqual(asked[0]?.request_id, asked[0]?.id)
  for (const { id } of asked) t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
  for (const id of environment_ids) t.assert.deepStrictEqual(await liveOf(house, id), { a: '1' })
  const listed = await listDeployments(house.ctx, {
    project_id: house.project.id,
    request_id: asked[0]!.request_id,
    limit: 10,
  })
  t.assert.strictEqual(listed.length, 3)
})
