import { test, type TestContext } from 'node:test'
import { signal } from '../../engine/wait-for.ts'
import { sharedInfraHouse, terraformOrSkip } from '../../infra-house.ts'

const house = sharedInfraHouse()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

test('what a selected resource stands on is released with it and shown, and what is secret is shown nowhere', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client } = house()
  const secret = 'mellon-and-friend'
  const platform = await house().platform({
    resources: [
      config('base', 'one'),
      config('top', 'on ${config.base.out.attributes.content}'),
      config('other', 'one'),
      { type: 'config', name: 'hidden', spec: { content_secret: 'key=${blueprint.self.secrets.KEY}' } },
    ],
    environments: [{ name: 'prod', secrets: { KEY: secret } }],
  })
  const first = await platform.released('prod')
  t.assert.strictEqual(first.state, 'succeeded', first.failure_detail ?? '')
  t.assert.strictEqual(platform.real('prod/hidden.config'), `key=${secret}`)
  t.assert.strictEqual(platform.real('prod/top.config'), 'on one')

  platform.write(config('base', 'two'))
  platform.write(config('other', 'two'))
  const some = await platform.released('prod', { items: ['config/top'] })
  t.assert.strictEqual(some.state, 'succeeded', some.failure_detail ?? '')
  const { changes, effects } = await client.getPlan(some.id)
  t.assert.deepStrictEqual(
    changes.map(({ key, action, dragged = false }) => [key, action, dragged]),
    [
      ['config/top', 'update', false],
      ['config/base', 'update', true],
    ],
  )
  t.assert.strictEqual(effects.length, 2)
  t.assert.strictEqual(platform.real('prod/top.config'), 'on two')
  t.assert.strictEqual(platform.real('prod/other.config'), 'one')
  // Live knows of what came along: only the rest is left to do.
  const rest = await platform.released('prod', { refresh: false })
  const left = (await client.getPlan(rest.id)).changes.filter(({ action }) => action !== 'none')
  t.assert.deepStrictEqual(
    left.map(({ key }) => key),
    ['config/other'],
  )

  const logs = await Promise.all([first, some, rest].map(({ id }) => house().log(id)))
  const plans = await Promise.all([first, some, rest].map(({ id }) => client.getPlan(id)))
  const events = await client.listEvents({ project: platform.project.key })
  const said = JSON.stringify([logs, plans, events, await client.listLive(platform.project.key, 'prod')])
  t.assert.deepStrictEqual(said.match(/.{0,60}mellon.{0,20}/g), null)
})

test('an apply that is canceled saves what it did, lets go of the lock, and leaves what it was at uncertain', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { client, clients, ctx, untilOver } = house()
  const platform = await house().platform({ resources: [config('a', 'one')] })
  const [creating, goOn] = [signal(), signal()]
  platform.onTouch = async (operation) => {
    if (operation !== 'create') return
    creating.give()
    await goOn.promise
  }
  const { id } = await platform.release('prod')
  await creating.promise
  await clients.admin.cancelDeployment(id)
  await untilOver(id, ['canceling'])
  goOn.give()
  const canceled = await untilOver(id)
  t.assert.ok(['canceled', 'succeeded'].includes(canceled.state), canceled.state)
  const held = await ctx.db
    .selectFrom('infra_state')
    .select(['lock_id', 'version'])
    .where('environment_id', '=', platform.environments.prod!.id)
    .executeTakeFirstOrThrow()
  t.assert.strictEqual(held.lock_id, null)
  t.assert.ok(held.version > 0, 'the file that was made is known')
  t.assert.strictEqual(platform.real('prod/a.config'), 'one')
  platform.onTouch = undefined
  platform.touched.length = 0
  const again = await platform.released('prod')
  t.assert.match(again.state, /^(succeeded|unchanged)$/)
  t.assert.deepStrictEqual(
    platform.touched.filter(({ operation }) => operation !== 'read'),
    [],
    'nothing is made twice',
  )
  const live = await client.listLive(platform.project.key, 'prod')
  t.assert.deepStrictEqual(
    live.items.map(({ key, uncertain }) => [key, uncertain]),
    [['config/a', false]],
  )
})
