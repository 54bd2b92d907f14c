import { test, type TestContext } from 'node:test'
import { getDeployment, listDeploymentItems, listDeployments } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { listReleaseDeployments } from '#app/deployments/list-release-deployments.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { listLive } from '#app/live/list-live.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import { pass } from '../../engine/quiet-house.ts'
import { ask, run } from '../../engine/orders.ts'
import { shelfExecutor } from '../../engine/shelf-executor.ts'
import { warehouse } from '../../engine/warehouse.ts'
import { answerOf, refusal } from '../refusal.ts'

test('deployments are listed newest first, page by page, by what they are', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { ctx, as, project, environments } = house
  const [one, two] = [await house.release({ a: '1' }, 'One'), await house.release({ a: '2' }, 'Two')]
  const ids: string[] = []
  for (let n = 0; n < 6; n += 1) {
    const environment_ids = [environments[n % 2]!.id]
    ids.unshift((await ask(house, n < 4 ? one.id : two.id, { environment_ids })).id)
  }
  await cancelDeployment(as.releaser, { deployment_id: ids[5]! })
  const list = async (filter: Partial<Parameters<typeof listDeployments>[1]> = {}) =>
    (await listDeployments(as.viewer, { project_id: project.id, limit: 100, ...filter })).map(({ id }) => id)

  t.assert.deepStrictEqual(await list(), ids)
  t.assert.deepStrictEqual(await list({ limit: 2 }), ids.slice(0, 2))
  t.assert.deepStrictEqual(await list({ limit: 2, before: ids[1]! }), ids.slice(2, 4))
  t.assert.deepStrictEqual(await list({ before: ids[5]! }), [])
  t.assert.deepStrictEqual(await list({ environment_id: environments[1]!.id }), [ids[0], ids[2], ids[4]])
  t.assert.deepStrictEqual(await list({ release_id: two.id }), ids.slice(0, 2))
  t.assert.deepStrictEqual(await list({ state: 'canceled' }), [ids[5]])
  t.assert.deepStrictEqual(await list({ release_id: one.id, state: 'queued', limit: 1 }), [ids[2]])
  const other = await createProject(ctx, { name: 'Other', kind: 'content' })
  t.assert.deepStrictEqual(await listDeployments(ctx, { project_id: other.id, limit: 10 }), [])
})

test('per release and environment, the newest deployment that did something is told', async (t: TestContext) => {
  const house = await warehouse(t, {
    environments: 2,
    executors: [shelfExecutor({ faultyInPlan: ['torn'] })],
  })
  const { ctx, as, project, clock, environments } = house
  const [here, there] = environments.map(({ id }) => id)
  const [one, two, never] = [
    await house.release({ a: '1' }, 'One'),
    await house.release({ torn: '1' }, 'Two'),
    await house.release({ a: '9' }, 'Never'),
  ]
  const done: { id: string; state: DeploymentState }[] = []
  const deploy = async (release_id: string, terms: Parameters<typeof run>[2] = {}) => {
    pass(clock, 1)
    done.push(await run(house, release_id, terms))
  }
  await deploy(one.id)
  await deploy(two.id)
  await deploy(one.id, { environment_ids: [there!] })
  await deploy(one.id)
  await deploy(one.id, { dry_run: true })
  await deploy(never.id, { dry_run: true })
  const canceled = await ask(house, one.id, { due_at: new Date(clock.now.getTime() + 60_000) })
  await cancelDeployment(as.releaser, { deployment_id: canceled.id })
  t.assert.deepStrictEqual(
    done.map(({ state }) => state),
    ['succeeded', 'failed', 'succeeded', 'unchanged', 'planned', 'planned'],
  )

  const release_ids = [one.id, two.id, never.id]
  const listed = await listReleaseDeployments(as.viewer, { project_id: project.id, release_ids })
  t.assert.deepStrictEqual(
    listed.map(({ release_id, environment_id, deployment_id, state }) => [
      release_id,
      environment_id,
      deployment_id,
      state,
    ]),
    [
      [two.id, here, done[1]!.id, 'failed'],
      [one.id, there, done[2]!.id, 'succeeded'],
      [one.id, here, done[3]!.id, 'unchanged'],
    ],
  )
  const { request_id, finished_at, requested_by } = await getDeployment(ctx, { deployment_id: done[1]!.id })
  t.assert.deepStrictEqual(
    [listed[0]?.request_id, listed[0]?.finished_at, listed[0]?.requested_by],
    [request_id, finished_at, requested_by],
  )
  t.assert.deepStrictEqual(await listReleaseDeployments(ctx, { project_id: project.id, release_ids: [] }), [])
  const other = await createProject(ctx, { name: 'Other', kind: 'content' })
  t.assert.deepStrictEqual(await listReleaseDeployments(ctx, { project_id: other.id, release_ids }), [])
})

test('what has not been planned has no plan and no results', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  t.assert.strictEqual(await getPlan(house.ctx, { deployment_id: id }), undefined)
  t.assert.deepStrictEqual(await listDeploymentItems(house.ctx, { deployment_id: id }), [])
})

test('under an unknown id there is nothing, and others see nothing of a project', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as } = house
  const nobody = ctx.newId()
  for (const read of [getDeployment, getPlan, listDeploymentItems]) {
    t.assert.deepStrictEqual(await refusal(() => read(ctx, { deployment_id: nobody }), 'not_found'), {
      what: 'deployment',
      id: nobody,
    })
    const { id } = await ask(house, (await house.release({ a: '1' })).id)
    t.assert.strictEqual(await answerOf(() => read(as.viewer, { deployment_id: id })), 'done')
    const stranger = {
      ...as.admin,
      principal: { ...as.admin.principal!, grants: [{ project_id: nobody, role: 'admin' as const }] },
    }
    t.assert.strictEqual(await answerOf(() => read(stranger, { deployment_id: id })), 'not_found')
  }
})

test('what is live is listed by key, page by page', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const { as, ctx, environment } = house
  const keys = ['a', 'b', 'c', 'd', 'e']
  const release = await house.release(Object.fromEntries(keys.map((key) => [key, '1'])))
  await run(house, release.id)
  await run(house, (await house.release({ c: null, z: null }, 'Off')).id)
  const page = async (limit: number, after?: string) => {
    const rows = await listLive(as.viewer, {
      environment_id: environment.id,
      limit,
      ...(after ? { after } : {}),
    })
    return rows.map(({ item_key }) => item_key)
  }
  t.assert.deepStrictEqual(await page(10), ['a', 'b', 'd', 'e'], 'what went is not there')
  t.assert.deepStrictEqual(await page(2), ['a', 'b'])
  t.assert.deepStrictEqual(await page(2, 'b'), ['d', 'e'])
  t.assert.deepStrictEqual(await page(2, 'e'), [])
  const nobody = ctx.newId()
  t.assert.deepStrictEqual(
    await refusal(() => listLive(ctx, { environment_id: nobody, limit: 1 }), 'not_found'),
    {
      what: 'environment',
      id: nobody,
    },
  )
})
