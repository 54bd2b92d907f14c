import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { getDeployment, listDeploymentItems, listDeployments } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { listReleaseDeployments } from '#app/deployments/list-release-deployments.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { getEnvironmentByName, listEnvironments } from '#app/environments/get-environment.ts'
import { listEvents } from '#app/events/list-events.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { listRevisions } from '#app/releases/list-revisions.ts'
import type { Principal } from '#domain/principal.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { upsertReleaseItems } from '#store/release-item.ts'
import { ended } from '../engine/wait-for.ts'
import { answerOf } from './refusal.ts'
import { book, bookshop, type Bookshop } from './releases/bookshop.ts'

/** Deploys a release of main to an environment, and waits for its end. */
async function deploy(shop: Bookshop, environment_id: string, title: string): Promise<string> {
  const { as, ctx, project_id } = shop
  await shop.write('dune', title)
  const release = await shop.release([book('dune')], title)
  const request = { project_id, release_id: release.id, environment_ids: [environment_id] }
  const [asked] = await requestDeployments(as.releaser, request)
  await ended(ctx, asked!.id)
  return asked!.id
}

const bind = ({ as }: Bookshop, limits: Partial<Principal>): Context =>
  asPrincipal(as.admin, { ...as.admin.principal!, ...limits })

test('a token that is bound to environments or branches reads and undoes nothing elsewhere', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { project_id, staging, production } = shop
  await shop.start([contentExecutor])
  const staged = await deploy(shop, staging, 'Dune')
  const shown = await deploy(shop, production, 'Dune, again')
  const { release_id } = await getDeployment(shop.ctx, { deployment_id: shown })
  const its = { project_id, release_id }

  const stager = bind(shop, { environment_ids: [staging] })
  const next = bind(shop, { branches: ['next'] })
  const main = bind(shop, { environment_ids: [production], branches: ['main'] })
  const reads = (deployment_id: string, environment_id: string) => [
    (who: Context) => getDeployment(who, { deployment_id }),
    (who: Context) => getPlan(who, { deployment_id }),
    (who: Context) => listDeploymentItems(who, { deployment_id }),
    (who: Context) => listDeployments(who, { project_id, environment_id, limit: 1 }),
    (who: Context) => explainGates(who, { ...its, environment_id }),
  ]
  for (const read of reads(staged, staging)) t.assert.strictEqual(await answerOf(() => read(stager)), 'done')
  for (const read of reads(shown, production)) {
    t.assert.notStrictEqual(await answerOf(() => read(stager)), 'done', read.toString())
    t.assert.strictEqual(await answerOf(() => read(main)), 'done')
  }
  const list = async (who: Context) =>
    (await listDeployments(who, { project_id, limit: 10 })).map(({ id }) => id)
  t.assert.deepStrictEqual(await list(shop.as.admin), [shown, staged])
  t.assert.deepStrictEqual(await list(stager), [staged])
  t.assert.deepStrictEqual(await list(main), [shown])
  t.assert.deepStrictEqual(await list(next), [])
  const newest = async (who: Context) =>
    (await listReleaseDeployments(who, { project_id, release_ids: [release_id] })).length
  t.assert.deepStrictEqual([await newest(main), await newest(stager)], [1, 0])

  for (const read of [...reads(shown, production).slice(0, 3), ...reads(shown, production).slice(4)])
    t.assert.notStrictEqual(await answerOf(() => read(next)), 'done', read.toString())
  for (const refused of [
    () => listRevisions(next, { ...its, limit: 1 }),
    () => requestRollback(next, { environment_id: production }),
    () => requestRollback(next, { environment_id: production, deployment_id: shown }),
    () => requestRollback(stager, { environment_id: production }),
    () => cancelDeployment(next, { deployment_id: shown }),
  ])
    t.assert.match(await answerOf(refused), /^(forbidden|not_found)$/, refused.toString())
  t.assert.strictEqual(await answerOf(() => listRevisions(main, { ...its, limit: 1 })), 'done')

  const told = async (who: Context) => listEvents(who, { project_id, limit: 100 })
  t.assert.deepStrictEqual(
    [...new Set((await told(stager)).map(({ environment_id }) => environment_id))],
    [staging],
    'who is bound to an environment sees what happened there',
  )
  for (const { data } of [...(await told(main)), ...(await told(next))])
    t.assert.match(
      data.branch as string,
      /^(main|next)$/,
      'who is bound to branches sees what says that it is of them',
    )

  const { deployment } = await requestRollback(main, { environment_id: production })
  await ended(shop.ctx, deployment.id)
  t.assert.deepStrictEqual(await list(next), [], 'what puts main back is of main')
  t.assert.deepStrictEqual(await list(main), [deployment.id, shown])
})

test('what a release of no branch did is put back by those of the branches of its items', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, project_id, production } = shop
  await shop.start([contentExecutor])
  await shop.write('dune', 'Dune')
  const release = await createRelease(ctx, { project_id, branch: null, name: 'Of none' })
  const item = {
    key: 'main/dune/en-us',
    kind: 'book',
    title: 'Dune',
    action: 'publish',
    version: '1',
  } as const
  await upsertReleaseItems(ctx.db, release.id, [item], ctx.now())
  const request = { project_id, release_id: release.id, environment_ids: [production] }
  const [asked] = await requestDeployments(ctx, request)
  t.assert.strictEqual((await ended(ctx, asked!.id)).state, 'succeeded')
  const back = (branches: string[]) =>
    answerOf(() => requestRollback(bind(shop, { branches }), { environment_id: production, dry_run: true }))
  t.assert.strictEqual(await back(['next']), 'forbidden')
  t.assert.strictEqual(await back(['next', 'main']), 'done')
})

test('a token that is bound to environments sees no other', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { project_id, staging } = shop
  const stager = bind(shop, { environment_ids: [staging] })
  const seen = async (who: Context) => (await listEnvironments(who, { project_id })).map(({ name }) => name)
  t.assert.deepStrictEqual(await seen(stager), ['staging'])
  t.assert.deepStrictEqual(await seen(shop.as.viewer), ['staging', 'production'])
  const find = (name: string) => answerOf(() => getEnvironmentByName(stager, { project_id, name }))
  t.assert.deepStrictEqual([await find('staging'), await find('production')], ['done', 'not_found'])
})
