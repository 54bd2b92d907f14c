import { test, type TestContext } from 'node:test'
import type { Deployment } from '#api/deployment.ts'
import { signal } from '../../engine/wait-for.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { sharedInfraHouse, terraformOrSkip, type Platform } from '../../infra-house.ts'

const house = sharedInfraHouse()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

/** What really is in the files of an environment. */
const real = (site: Platform, ...names: string[]) => names.map((name) => site.real(`prod/${name}.config`))

const done = ({ state, failure_detail }: Deployment) => [state, failure_detail]
const succeeded = ['succeeded', null]

test('what failed before or in the middle is retried as it was asked for, and what is done is not done again', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, untilOver, platform } = house()
  const site = await platform({ resources: [config('a', 'one'), config('b', 'one'), config('c', 'one')] })
  site.onTouch = (operation, path) => {
    if (operation === 'create' && path === 'prod/b.config') throw new Error('The disk is full.')
  }
  const items = ['config/a', 'config/b']
  const failed = await site.released('prod', { items })
  t.assert.match(failed.failure_detail ?? '', /The disk is full/)
  site.onTouch = undefined
  site.touched.length = 0
  // The blueprint has moved on; what failed is retried as it was.
  site.write(config('b', 'two'))
  const again = await untilOver((await clients.releaser.retryDeployment(failed.id)).id)
  t.assert.deepStrictEqual(done(again), succeeded)
  t.assert.deepStrictEqual(real(site, 'a', 'b', 'c'), ['one', 'one', undefined])
  t.assert.deepStrictEqual(
    site.touched.filter(({ operation }) => operation !== 'read'),
    [{ operation: 'create', path: 'prod/b.config' }],
  )

  site.erase('config', 'a')
  const refused = await site.released('prod')
  t.assert.deepStrictEqual([refused.state, refused.failure_code], ['failed', 'destroy_not_allowed'])
  const still = await untilOver((await clients.releaser.retryDeployment(refused.id)).id)
  t.assert.deepStrictEqual([still.state, still.failure_code], ['failed', 'destroy_not_allowed'])
  t.assert.deepStrictEqual(real(site, 'a', 'b', 'c'), ['one', 'one', undefined])
})

test('a selective release is put back into what is live; what something else changed since is listed, and left', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, untilOver, platform } = house()
  const site = await platform({ resources: [config('a', 'one'), config('b', 'one'), config('c', 'one')] })
  const { key } = site.project
  await site.released('prod')
  for (const name of ['a', 'b', 'c']) site.write(config(name, 'two'))
  const some = await site.released('prod', { items: ['config/a', 'config/b'] })
  t.assert.deepStrictEqual(done(some), succeeded)
  site.write(config('b', 'three'))
  t.assert.deepStrictEqual(done(await site.released('prod', { items: ['config/b', 'config/c'] })), succeeded)

  const { deployment, conflicts } = await clients.releaser.rollBack(key, 'prod', { deployment: some.id })
  t.assert.deepStrictEqual(
    conflicts.map((one) => one.key),
    ['config/b'],
  )
  const back = await untilOver(deployment.id)
  t.assert.deepStrictEqual(done(back), succeeded)
  t.assert.deepStrictEqual(real(site, 'a', 'b', 'c'), ['one', 'three', 'two'])

  // It is put back itself, and so is what put a whole release back.
  const forth = await clients.releaser.rollBack(key, 'prod', { deployment: back.id })
  t.assert.deepStrictEqual(done(await untilOver(forth.deployment.id)), succeeded)
  t.assert.deepStrictEqual(real(site, 'a', 'b', 'c'), ['two', 'three', 'two'])
  for (const name of ['a', 'b', 'c']) site.write(config(name, 'four'))
  const whole = await site.released('prod')
  let last = whole.id
  for (const found of [
    ['two', 'three', 'two'],
    ['four', 'four', 'four'],
  ]) {
    const asked = await clients.releaser.rollBack(key, 'prod', { deployment: last })
    last = asked.deployment.id
    t.assert.deepStrictEqual(done(await untilOver(last)), succeeded)
    t.assert.deepStrictEqual(real(site, 'a', 'b', 'c'), found)
  }
})

test('a release for later is looked at ahead, and planned by Terraform when its time comes', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client, clock, engine, untilOver, platform } = house()
  const site = await platform({ resources: [config('a', 'one')] })
  await site.released('prod')
  site.write(config('a', 'two'))
  const due = new Date(clock.now.getTime() + 3_600_000)
  const { id, state } = await site.release('prod', { scheduled_at: due.toISOString() })
  t.assert.strictEqual(state, 'requested')
  const plan = () => client.getPlan(id).catch(() => undefined)
  await waitUntil(async () => (await plan()) !== undefined, 'the plan ahead')
  const ahead = (await plan())!
  t.assert.deepStrictEqual(
    [ahead.changes.map((one) => [one.key, one.action]), ahead.effects],
    [[['config/a', 'update']], []],
  )
  t.assert.deepStrictEqual(real(site, 'a'), ['one'])
  clock.now = due
  await engine!.sweep()
  t.assert.deepStrictEqual(done(await untilOver(id)), succeeded)
  t.assert.deepStrictEqual(
    (await plan())!.effects.map((one) => [one.item_key, one.action]),
    [['config/a', 'update']],
  )
  t.assert.deepStrictEqual(real(site, 'a'), ['two'])
})

test('canceled in the middle, what was at hand is uncertain, what was not begun is not done, and the next release goes through', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client, clients, log, untilOver, platform } = house()
  const top = config('top', 'on ${config.base.out.attributes.content}')
  const site = await platform({ resources: [config('base', 'one'), top] })
  const [creating, goOn] = [signal(), signal()]
  site.onTouch = async (operation) => {
    if (operation !== 'create') return
    creating.give()
    await goOn.promise
  }
  const { id } = await site.release('prod')
  await creating.promise
  await clients.releaser.cancelDeployment(id, 'enough')
  await waitUntil(async () => /interrupt/i.test(await log(id)), 'the interruption of Terraform')
  site.onTouch = undefined
  goOn.give()
  t.assert.strictEqual((await untilOver(id)).state, 'canceled')
  t.assert.deepStrictEqual(real(site, 'base', 'top'), ['one', undefined])
  const live = await client.listLive(site.project.key, 'prod', { uncertain: true })
  t.assert.deepStrictEqual(
    live.items.map((one) => one.key),
    ['config/base', 'config/top'],
  )
  t.assert.strictEqual((await client.getState(site.project.key, 'prod')).lock, null)
  t.assert.deepStrictEqual(done(await site.released('prod')), succeeded)
  t.assert.deepStrictEqual(real(site, 'base', 'top'), ['one', 'on one'])
})
