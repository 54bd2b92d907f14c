import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { transact, type Context } from '#app/context.ts'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import { requestDeployments, requestDeploymentsIn } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { retryDeployment } from '#app/deployments/retry-deployment.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { holdRelease } from '#app/releases/release-view.ts'
import { ended } from '../../engine/wait-for.ts'
import { refusal } from '../refusal.ts'
import { book, bookshop, type Bookshop } from '../releases/bookshop.ts'

type Terms = { when_busy?: 'wait' | 'refuse'; when_shut?: 'wait' | 'refuse' }
type Way = (terms: Terms) => Promise<DeploymentView>

/** A shop whose staging can be asked for in every way there is, and nobody who works there any more. */
async function ways(t: TestContext): Promise<{ shop: Bookshop; all: Record<string, Way> }> {
  const shop = await bookshop(t)
  const { ctx, as, project_id, staging } = shop
  await shop.write('dune', 'Dune')
  await shop.open()
  const release = await shop.release([book('dune')])
  const its = { project_id, release_id: release.id, environment_ids: [staging] }
  const run = async (terms: object = {}) => {
    const [asked] = await requestDeployments(as.releaser, { ...its, ...terms })
    return ended(ctx, asked!.id)
  }
  await run()
  const { plan_id } = await run({ dry_run: true, forced: true })
  const failed = (await run({ forced: true })).id
  await ctx.db.updateTable('deployment').set({ state: 'failed' }).where('id', '=', failed).execute()
  await ctx.db.deleteFrom('deployment_item').where('deployment_id', '=', failed).execute()
  await shop.stop()
  const here = { project_id, environment_id: staging }
  return {
    shop,
    all: {
      deploying: async (terms) => (await requestDeployments(as.releaser, { ...its, ...terms }))[0]!,
      'deploying a plan': (terms) => deployPlan(as.releaser, { ...here, plan_id: plan_id!, ...terms }),
      retrying: (terms) => retryDeployment(as.releaser, { deployment_id: failed, ...terms }),
      'publishing directly': async (terms) => {
        const one = { project_id, branch: 'main', environment_ids: [staging], items: [book('dune')] }
        return (await requestOneShot(as.releaser, { ...one, ...terms }))[0]!
      },
      // The last: it leaves a hold.
      'rolling back': async (terms) => (await requestRollback(as.releaser, { ...here, ...terms })).deployment,
    },
  }
}

const blocked = async (way: Way, terms: Terms) =>
  (await refusal(() => way(terms), 'blocked')).blockers.map(({ code }) => code)

const forget = (ctx: Context, { id }: DeploymentView) =>
  ctx.db.deleteFrom('deployment').where('id', '=', id).execute()

test('every request says when_busy, wait or refuse', async (t: TestContext) => {
  const { shop, all } = await ways(t)
  const first = await all.deploying!({ when_busy: 'refuse' })
  t.assert.strictEqual(first.state, 'queued', 'nothing is in its way')
  for (const [name, way] of Object.entries(all)) {
    t.assert.deepStrictEqual(await blocked(way, { when_busy: 'refuse' }), ['busy'], name)
    const waits = await way({ when_busy: 'wait' })
    t.assert.strictEqual(waits.state, 'queued', name)
    await forget(shop.ctx, waits)
  }
})

test('every request says when_shut, wait or refuse', async (t: TestContext) => {
  const { shop, all } = await ways(t)
  const { as, ctx, project_id, staging } = shop
  await setFreeze(as.releaser, { project_id, environment_id: staging, reason: 'something is wrong' })
  for (const [name, way] of Object.entries(all)) {
    t.assert.deepStrictEqual(await blocked(way, { when_shut: 'refuse' }), ['freeze'], name)
    const waits = await way({ when_shut: 'wait' })
    t.assert.deepStrictEqual(
      [waits.state, waits.blockers.map(({ code }) => code)],
      ['requested', ['freeze']],
      name,
    )
    // What waits at a gate keeps the place busy: its time has come.
    t.assert.deepStrictEqual(await blocked(all.deploying!, { when_busy: 'refuse' }), ['busy'], name)
    await forget(ctx, waits)
  }
})

test('who does not want to wait sees whoever asked a moment before, under a row lock of the environment', async (t: TestContext) => {
  const { shop, all } = await ways(t)
  const { as, project_id, staging } = shop
  const release = await shop.release([book('dune')], 'Before')
  const placed = Promise.withResolvers<void>()
  const before = transact(as.releaser, async (unit) => {
    const held = await holdRelease(unit.tx, project_id, release.id)
    const its = { project_id, release_id: release.id, environment_ids: [staging] }
    await requestDeploymentsIn(as.releaser, unit, held, its)
    placed.resolve()
    await sleep(200)
  })
  await placed.promise
  t.assert.deepStrictEqual(await blocked(all.deploying!, { when_busy: 'refuse' }), ['busy'])
  await before
})
