import { test, type TestContext } from 'node:test'
import { cutByClock } from '#app/candidates/cut-by-clock.ts'
import { settleBuildIn } from '#app/candidates/settle-build.ts'
import { transact, type Context } from '#app/context.ts'
import { promoteSucceeded } from '#app/deployments/promote-succeeded.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import { sharedCodeHouse } from '../../code-house.ts'

/** A house in which nobody works: what is woken is never heard, as where the process died at once. */
const open = sharedCodeHouse({ HEADGATE_ROLE: 'api' })

const pipeline = [
  { name: 'staging' },
  { name: 'production', parent: 'staging', auto_promote: true },
  { name: 'island', parent: 'staging', auto_promote: true },
]

/** As `ctx`, in a process that dies before it can commit. */
function dying(ctx: Context): Context {
  const enqueue = async () => {
    throw new Error('the process is gone')
  }
  return { ...ctx, enqueue }
}

test('what succeeded is taken on though its wake-up was lost, once whoever looks', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ environments: pipeline })
  const deployment_id = await shop.deploy(await shop.cut(), 'staging')
  await reportDeployment(house.as.releaser, { deployment_id, status: 'success' })
  t.assert.deepEqual(await shop.deployments('production'), [], 'nobody works')
  await t.assert.rejects(promoteSucceeded(dying(house.ctx)), /gone/)
  t.assert.deepEqual(await shop.deployments('production'), [], 'half of it is none of it')
  await Promise.all([1, 2, 3, 4].map(() => promoteSucceeded(house.ctx)))
  await promoteSucceeded(house.ctx)
  for (const name of ['production', 'island']) t.assert.equal((await shop.deployments(name)).length, 1)
})

test('a build that ends leaves its candidate ready and on its way, or neither', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: { executor: 'command', command: ['true'] }, deploy_to: 'staging' })
  const { id: candidate_id, version, build_run_id } = await shop.cut()
  const end = (ctx: Context) =>
    transact(ctx, (unit) => settleBuildIn(ctx, unit, { run_id: build_run_id!, candidate_id, failure: null }))
  await t.assert.rejects(end(dying(house.ctx)), /gone/)
  const stateOf = async () => [
    (
      await house.ctx.db
        .selectFrom('candidate')
        .select('state')
        .where('id', '=', candidate_id)
        .executeTakeFirstOrThrow()
    ).state,
    ...(await shop.deployments('staging')),
  ]
  t.assert.deepEqual(await stateOf(), ['building'])
  await end(house.ctx)
  await end(house.ctx)
  const [state, ...deployments] = await stateOf()
  t.assert.deepEqual([state, deployments.map((one) => one[0])], ['ready', [version]])
})

test('a cut by the clock that was cut off is made up for, once', async (t: TestContext) => {
  const house = open()
  const next_cut_at = new Date(house.clock.now.getTime() - 1000)
  const shop = await house.shop({
    deploy_to: 'staging',
    settings: { cut_cron: '0 9 * * *', time_zone: 'UTC', next_cut_at },
  })
  const cut = (ctx: Context) => cutByClock(ctx, shop.project.id)
  await t.assert.rejects(cut(dying(house.ctx)), /gone/)
  t.assert.deepEqual(await shop.deployments('staging'), [])
  await Promise.all([cut(house.ctx), cut(house.ctx), cut(house.ctx)])
  await cut(house.ctx)
  t.assert.equal((await shop.deployments('staging')).length, 1)
})
