import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { admitDeployments } from '#app/deployments/admit-deployments.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { tellDeployments } from '#app/deployments/tell-deployments.ts'
import { releaseHold } from '#app/holds/release-hold.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { runEnvironment, type Workshop } from '#engine/run-environment.ts'
import type { Executor } from '#executors/contract.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { book, bookshop } from '../app/releases/bookshop.ts'
import { pass } from './quiet-house.ts'
import { ask } from './orders.ts'
import { recordStatements } from './record-statements.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const folder = join(import.meta.dirname, '../golden/queries')
const workshop = (executor: Executor<never>): Workshop => ({
  executors: new Map([[executor.name, executor as Executor]]),
  logger: pino({ level: 'silent' }),
})

test('the statements of the hot use-cases are the golden ones, on either store', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id, staging, production, clock } = shop
  const { db } = ctx
  await shop.write('dune', 'Dune')
  await shop.write('emma', 'Emma')
  const release = await shop.release([book('emma')])
  const its = { project_id, release_id: release.id }
  const to = (...environment_ids: string[]) => ({ ...its, environment_ids })
  const golden = async (name: string, work: () => Promise<unknown>) => {
    const statements = await recordStatements(db, work)
    // Anew with `node --test --test-update-snapshots test/engine/queries.test.ts`.
    t.assert.fileSnapshot(`${statements.join(';\n\n')};\n`, join(folder, `${name}.sql`), {
      serializers: [(text: string) => text],
    })
  }
  const run = (environment = staging) => runEnvironment(ctx, workshop(contentExecutor), environment)
  const due_at = new Date(clock.now.getTime() + 60_000)

  const items = [book('dune'), book('emma'), book('dune', { locale: 'fr-fr' })]
  await golden('add-release-items', () => addReleaseItems(as.releaser, { ...its, items }))
  await golden('list-releases', () =>
    listReleases(as.viewer, { project_id, order: 'updated', limit: 10, with_total: true }),
  )
  await golden('tell-deployments', () =>
    tellDeployments(as.viewer, { project_id, environment_id: staging, limit: 10, offset: 10 }),
  )
  await golden('request-deployments', () => requestDeployments(as.releaser, to(staging)))
  await golden('run-deployment', () => run())
  await golden('request-deployments-impatient', () =>
    requestDeployments(as.releaser, { ...to(staging), when_busy: 'refuse', lock_release: true }),
  )
  await golden('run-deployment-unchanged', () => run())
  await golden('request-rollback', () => requestRollback(as.releaser, { environment_id: staging }))
  await golden('run-rollback', () => run())
  await releaseHold(ctx, { project_id, environment_id: staging, reason: 'measured' })
  await golden('request-one-shot', () =>
    requestOneShot(as.releaser, {
      project_id,
      branch: 'main',
      environment_ids: [production],
      items: [book('dune')],
    }),
  )
  await golden('request-scheduled', () => requestDeployments(as.releaser, { ...to(staging), due_at }))
  pass(clock, 60)
  await golden('admit-deployments', () => admitDeployments(ctx))
  const [last] = await requestDeployments(as.releaser, to(production))
  await golden('cancel-deployment', () => cancelDeployment(as.releaser, { deployment_id: last!.id }))
})

/** How many statements it takes to ask for these and to run them. */
async function cost(house: Warehouse, items: number, environments: number): Promise<[number, number]> {
  const { ctx } = house
  const release = await house.release(
    Object.fromEntries(Array.from({ length: items }, (_, n) => [`i${n}`, '1'])),
  )
  const environment_ids = house.environments.slice(0, environments).map(({ id }) => id)
  const terms = { environment_ids, forced: true }
  const asked = await recordStatements(ctx.db, () => ask(house, release.id, terms))
  const [first] = environment_ids
  const done = await recordStatements(ctx.db, () => runEnvironment(ctx, workshop(shelfExecutor()), first!))
  return [asked.length, done.length]
}

test('a deployment of 2,000 items takes as many statements as one of 200', async (t: TestContext) => {
  const house = await warehouse(t)
  t.assert.deepStrictEqual(await cost(house, 2000, 1), await cost(house, 200, 1))
})

test('a request for twenty environments takes as many statements as one for one', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 20 })
  t.assert.deepStrictEqual(await cost(house, 3, 20), await cost(house, 3, 1))
})
