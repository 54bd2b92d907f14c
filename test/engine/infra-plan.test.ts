import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { terraformOrSkip, sharedInfraHouse } from '../infra-house.ts'
import { signal } from './wait-for.ts'

const house = sharedInfraHouse()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

test('a plan that was stored is applied as it is, while nothing was applied since', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client } = house()
  const platform = await house().platform({ resources: [config('a', 'one'), config('b', 'one')] })
  const { project } = platform
  const dry = await platform.released('prod', { dry_run: true })
  const plan = await client.getPlan(dry.id)
  t.assert.deepStrictEqual(
    plan.effects.map(({ item_key, action, address }) => [item_key, action, address]),
    ['a', 'b'].map((name) => [`config/${name}`, 'create', `module.config__${name}.file_text.this`]),
  )
  const paged = await client.listPlanEffects(plan.id, { limit: 1 })
  t.assert.deepStrictEqual([paged.items, paged.next], [plan.effects.slice(0, 1), '1'])
  // The blueprint has moved on; the plan has not.
  platform.write(config('a', 'two'))
  const deploy = async () =>
    (await house().clients.releaser.deploy(project.key, 'prod', { plan: plan.id })).id
  const done = await house().untilOver(await deploy())
  t.assert.strictEqual(done.state, 'succeeded', done.failure_detail ?? '')
  t.assert.strictEqual(platform.real('prod/a.config'), 'one')
  const again = await house().untilOver(await deploy())
  t.assert.deepStrictEqual([again.state, again.failure_code], ['failed', 'plan_stale'])
})

test('a release of what is there already ends without Terraform, and only where nobody has to look', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: [config('a', 'one')] })
  const first = await platform.released('prod', { refresh: false })
  t.assert.strictEqual(first.state, 'succeeded')
  const second = await platform.released('prod', { refresh: false })
  t.assert.strictEqual(second.state, 'unchanged')
  t.assert.deepStrictEqual((await house().log(second.id)).split('\n'), [
    ...['requested', 'queued', 'planning'],
    'unchanged (1 none)',
  ])
  const looked = await platform.released('prod')
  t.assert.strictEqual(looked.state, 'unchanged')
  t.assert.match(await house().log(looked.id), /Refreshing state/)
})

test('canceled while it is planned, Terraform is gone, and the lock with it', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, untilOver, ctx } = house()
  const platform = await house().platform({ resources: [config('a', 'one')] })
  await platform.released('prod')
  const [reading, goOn] = [signal(), signal()]
  platform.onTouch = async () => {
    reading.give()
    await goOn.promise
  }
  platform.write(config('a', 'two'))
  const { id } = await platform.release('prod')
  await reading.promise
  await clients.admin.cancelDeployment(id)
  goOn.give()
  const canceled = await untilOver(id)
  t.assert.strictEqual(canceled.state, 'canceled')
  platform.onTouch = undefined
  const state = await ctx.db
    .selectFrom('infra_state')
    .select('lock_id')
    .where('environment_id', '=', platform.environments.prod!.id)
    .executeTakeFirstOrThrow()
  t.assert.strictEqual(state.lock_id, null)
  t.assert.strictEqual(platform.real('prod/a.config'), 'one')
  t.assert.strictEqual((await platform.released('prod')).state, 'succeeded')
})

test('the blueprint’s hook asks for approval, and what was agreed to is applied, whatever the blueprint says by then', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, client, untilOver } = house()
  const platform = await house().platform({ resources: [config('a', 'one')] })
  const hooks = join(platform.folders.blueprint, 'pre_release_hooks')
  mkdirSync(hooks)
  writeFileSync(join(hooks, 'pre_release_hook.sh'), 'echo "ask Ada first"\nexit 2\n')
  const { id } = await platform.release('prod')
  const waiting = await untilOver(id, ['awaiting_approval'])
  t.assert.strictEqual(waiting.state, 'awaiting_approval', await house().log(id))
  t.assert.match((await client.getPlan(id)).needs_approval ?? '', /./)
  t.assert.match(waiting.blockers[0]?.detail ?? '', /0 of 1 approvals are there\. ./)
  platform.write(config('a', 'two'))
  await clients.approver.approveDeployment(id, waiting.plan_digest!)
  t.assert.strictEqual((await untilOver(id)).state, 'succeeded')
  t.assert.strictEqual(platform.real('prod/a.config'), 'one')
})

test('what failed in the middle is uncertain, and is done again without anybody having to look', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client } = house()
  const platform = await house().platform({ resources: [config('a', 'one'), config('b', 'one')] })
  platform.onTouch = (operation, path) => {
    if (operation === 'create' && path === 'prod/b.config') throw new Error('The disk is full.')
  }
  const failed = await platform.released('prod')
  t.assert.match(failed.failure_detail ?? '', /The disk is full/)
  const live = await client.listLive(platform.project.key, 'prod')
  t.assert.deepStrictEqual(
    live.items.map(({ key, uncertain }) => [key, uncertain]),
    [
      ['config/a', false],
      ['config/b', true],
    ],
  )
  platform.onTouch = undefined
  platform.touched.length = 0
  t.assert.strictEqual((await platform.released('prod', { refresh: false })).state, 'succeeded')
  t.assert.deepStrictEqual(
    platform.touched.filter(({ operation }) => operation !== 'read'),
    [{ operation: 'create', path: 'prod/b.config' }],
  )
  t.assert.strictEqual((await platform.released('prod', { refresh: false })).state, 'unchanged')
})
