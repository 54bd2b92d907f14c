import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { readId } from '#domain/ids.ts'
import { sharedInfraHouse, terraformOrSkip, type Platform, type ResourceFile } from '../../infra-house.ts'
import { refusedWith } from './refused-with.ts'
import { countEvents, drifted, look, runOver } from './look.ts'

const house = sharedInfraHouse()

const file = (name: string, content: string): ResourceFile => ({ type: 'config', name, spec: { content } })
const both = [file('a', 'A'), file('b', 'B')]
const textsOf = (platform: Platform, environment = 'prod') =>
  ['a', 'b'].map((name) => platform.real(`${environment}/${name}.config`))

async function effectsOf(plan_id: string | null): Promise<string[]> {
  const rows = await house()
    .ctx.db.selectFrom('plan_effect')
    .select('action')
    .where('plan_id', '=', readId('plan', plan_id ?? '')!)
    .orderBy('position')
    .execute()
  return rows.map(({ action }) => action)
}

test('a release that looks first puts back what drifted; one that does not look leaves it', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const environments = [{ name: 'staging' }, { name: 'prod' }]
  const platform = await house().platform({ resources: both, environments })
  const made = await Promise.all(environments.map(({ name }) => platform.released(name)))
  assert.deepEqual(
    made.map(({ state }) => state),
    ['succeeded', 'succeeded'],
  )
  platform.tamper('prod/a.config', 'tampered')
  platform.tamper('prod/b.config', null)
  platform.tamper('staging/a.config', 'tampered too')

  platform.touched.length = 0
  assert.equal((await platform.released('prod', { refresh: false })).state, 'unchanged')
  assert.deepEqual(platform.touched, [], 'nothing is looked at')
  const forced = await platform.released('prod', { refresh: false, force: true })
  assert.equal(forced.state, 'succeeded')
  assert.deepEqual(textsOf(platform), ['tampered', undefined])

  const repaired = await platform.released('prod', { refresh: true })
  assert.equal(repaired.state, 'succeeded')
  assert.deepEqual(textsOf(platform), ['A', 'B'])
  const { items } = await house().client.listDeploymentItems(repaired.id)
  assert.deepEqual(
    items.map(({ key, action, before, after }) => [key, action, before === after]),
    [
      ['config/a', 'update', true],
      ['config/b', 'update', true],
    ],
  )
  assert.deepEqual(await effectsOf(repaired.plan_id), ['update', 'create'])
  assert.deepEqual(textsOf(platform, 'staging'), ['tampered too', 'B'], 'the other environment is its own')
  assert.equal((await platform.released('prod')).state, 'unchanged', 'it looks, and finds nothing to do')
})

test('a selective release that looks puts back what was selected', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: both })
  await platform.released('prod')
  platform.tamper('prod/a.config', 'tampered')
  platform.tamper('prod/b.config', 'tampered')
  await look(house(), platform, 'prod')
  const deployment = await platform.released('prod', { items: ['config/a'], refresh: true })
  assert.equal(deployment.state, 'succeeded')
  assert.deepEqual(textsOf(platform), ['A', 'tampered'])
  const left = await house().client.getDrift(platform.project.key, 'prod')
  assert.deepEqual(drifted(left), [['config/b', 'update', ['content', 'sha256']]])
})

test('drift that is what the blueprint says by now changes nothing, until it is adopted', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const api = (replicas: number): ResourceFile => ({ type: 'service', name: 'api', spec: { replicas } })
  const platform = await house().platform({ resources: [api(1)] })
  await platform.released('prod')
  platform.tamper('prod/api.service', '{"replicas":2}')
  platform.write(api(2))
  assert.equal((await platform.released('prod')).state, 'unchanged')
  const found = await look(house(), platform, 'prod')
  assert.deepEqual(drifted(found), [['service/api', 'update', ['content', 'sha256']]])

  const { id } = await house().clients.releaser.adoptDrift(
    platform.project.key,
    'prod',
    'It is meant to be so',
  )
  assert.equal((await runOver(house(), id)).state, 'succeeded')
  const after = await house().client.getDrift(platform.project.key, 'prod')
  assert.deepEqual([after.status, after.outdated, after.last?.outcome], ['clean', false, 'clean'])
  assert.equal(await countEvents(house(), platform, 'drift.adopted'), 1)
  assert.equal(await countEvents(house(), platform, 'drift.cleared'), 1)
  assert.equal((await look(house(), platform, 'prod')).status, 'clean')
  assert.equal((await platform.released('prod', { refresh: false })).state, 'unchanged')
})

test('what was adopted and is not in the blueprint is put back by the next release, looked at or not', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: both })
  const { key } = platform.project
  await platform.released('prod')
  platform.tamper('prod/a.config', 'by hand')
  const { id } = await house().clients.releaser.adoptDrift(key, 'prod')
  assert.equal((await runOver(house(), id)).state, 'succeeded')
  assert.equal(platform.real('prod/a.config'), 'by hand')
  assert.equal((await platform.released('prod', { refresh: false })).state, 'succeeded')
  assert.deepEqual(textsOf(platform), ['A', 'B'])
})

test('what drifted is put back as it was left, whatever the blueprint says by now', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: both })
  const { key } = platform.project
  const { releaser } = house().clients
  await refusedWith('not_possible_now', () => releaser.reassertDrift(key, 'prod'))
  await platform.released('prod')
  await refusedWith('not_possible_now', () => releaser.reassertDrift(key, 'prod'))
  platform.write(file('a', 'A2'))
  platform.write(file('c', 'C'))
  platform.tamper('prod/b.config', null)
  await look(house(), platform, 'prod')

  const { id } = await releaser.reassertDrift(key, 'prod', { reason: 'Nobody was to touch it' })
  const deployment = await house().untilOver(id)
  assert.deepEqual([deployment.state, deployment.selected], ['succeeded', 1])
  assert.deepEqual([...textsOf(platform), platform.real('prod/c.config')], ['A', 'B', undefined])
  assert.equal((await house().client.getDrift(key, 'prod')).status, 'clean')

  platform.tamper('prod/a.config', 'tampered')
  const whole = await releaser.reassertDrift(key, 'prod', { all: true })
  assert.deepEqual([(await house().untilOver(whole.id)).state, whole.selected], ['succeeded', null])
  assert.deepEqual(textsOf(platform), ['A', 'B'])
  await refusedWith('invalid', () => releaser.reassertDrift(key, 'prod', { items: ['config/c'] }))
})
