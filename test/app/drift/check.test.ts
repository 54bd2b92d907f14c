import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { until } from '../../code-house.ts'
import { sharedInfraHouse, terraformOrSkip, type ResourceFile } from '../../infra-house.ts'
import { countEvents, drifted, look, runOver } from './look.ts'
import { refusedWith } from './refused-with.ts'

const house = sharedInfraHouse()

const file = (name: string, content: string): ResourceFile => ({ type: 'config', name, spec: { content } })

test('a look says what drifted, attribute by attribute, and only what is new is told', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const secret = { type: 'config', name: 'key', spec: { content_secret: '${blueprint.self.secrets.KEY}' } }
  const platform = await house().platform({
    resources: [file('a', 'A'), file('b', 'B'), secret],
    stack: { clusterVariablesMeta: { KEY: { secret: true, required: true } } },
    environments: [{ name: 'prod', secrets: { KEY: 'correct horse battery' } }, { name: 'staging' }],
  })
  const { key } = platform.project
  assert.equal((await platform.released('prod')).state, 'succeeded')
  assert.equal((await look(house(), platform, 'prod')).status, 'clean')
  const stateBefore = await stateVersion(platform.environments.prod!.id)

  platform.tamper('prod/a.config', 'tampered')
  platform.tamper('prod/b.config', null)
  platform.tamper('prod/key.config', 'another secret of somebody')
  const found = await look(house(), platform, 'prod')
  assert.deepEqual([found.status, found.drifted, found.outdated], ['drifted', 3, false])
  assert.deepEqual(
    found.items.map(({ item, action }) => [item, action]),
    [
      ['config/a', 'update'],
      ['config/b', 'delete'],
      ['config/key', 'update'],
    ],
  )
  const [content] = found.items[0]!.attributes
  assert.deepEqual(content, {
    ...{ attribute: 'content', before: 'A', after: 'tampered' },
    ...{ sensitive: false, ignored: false },
  })
  assert.deepEqual(found.items[2]!.attributes, [
    { attribute: 'content_secret', before: null, after: null, sensitive: true, ignored: false },
  ])
  const all = JSON.stringify([found, await house().client.listRuns(key), await house().client.listEvents()])
  assert.doesNotMatch(all, /correct horse|another secret/)

  await look(house(), platform, 'prod')
  assert.equal(await countEvents(house(), platform, 'drift.found'), 1, 'the same is no news')
  platform.tamper('prod/a.config', 'tampered again')
  await look(house(), platform, 'prod')
  assert.equal(await countEvents(house(), platform, 'drift.found'), 2)
  assert.equal(await countEvents(house(), platform, 'drift.cleared'), 0)
  assert.equal(await stateVersion(platform.environments.prod!.id), stateBefore, 'a look writes nothing')
  assert.equal((await platform.released('prod')).state, 'succeeded')
  assert.equal(await countEvents(house(), platform, 'drift.cleared'), 1)
  const after = await house().client.getDrift(key, 'prod')
  assert.deepEqual([after.status, after.items], ['clean', []])
  assert.equal((await look(house(), platform, 'prod')).status, 'clean')

  const { items: checks } = await house().client.listDriftChecks(key, 'prod')
  const outcomes = ['clean', 'clean', 'drifted', 'drifted', 'drifted', 'clean']
  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    outcomes,
  )
  assert.deepEqual(
    checks.slice(0, 2).map(({ run_id }) => run_id === null),
    [false, true],
  )
  const { items: fleet } = await house().client.listDrift({ project: key })
  assert.deepEqual(
    fleet.map(({ environment, status }) => [environment, status]),
    [
      ['prod', 'clean'],
      ['staging', 'unknown'],
    ],
  )
})

test('what is ignored is no drift, until its time is over or it is taken back', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: [file('a', 'A'), file('b', 'B')] })
  const { key } = platform.project
  const { releaser } = house().clients
  await platform.released('prod')
  platform.tamper('prod/a.config', 'tampered')
  await look(house(), platform, 'prod')
  const status = async () => {
    const { status: word, drifted: many, ignored } = await house().client.getDrift(key, 'prod')
    return [word, many, ignored]
  }
  const soon = new Date(house().clock.now.getTime() + 3_600_000)
  await releaser.ignoreDrift(key, 'prod', {
    item: 'config/a',
    attribute: 'content',
    until: soon.toISOString(),
  })
  assert.deepEqual(await status(), ['drifted', 1, 0], 'there is another attribute')
  const rest = await releaser.ignoreDrift(key, 'prod', {
    item: 'config/a',
    attribute: 'sha256',
    reason: 'Known',
  })
  assert.deepEqual(await status(), ['clean', 0, 1])
  assert.equal((await look(house(), platform, 'prod')).status, 'clean')
  assert.equal(await countEvents(house(), platform, 'drift.cleared'), 1)

  house().clock.now = new Date(soon.getTime() + 1000)
  assert.deepEqual(await status(), ['drifted', 1, 0])
  const again = await look(house(), platform, 'prod')
  assert.deepEqual(drifted(again), [['config/a', 'update', ['content']]])
  assert.equal(await countEvents(house(), platform, 'drift.found'), 2)
  const path = `/headgate/v1/projects/${key}/environments/prod/drift/ignored`
  const remove = () => house().ask(`${path}/${rest.id}`, { method: 'DELETE' })
  assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404])
  const { items } = await house().client.listIgnoredDrift(key, 'prod')
  assert.deepEqual(items, [], 'what is over is not listed')
  await refusedWith('invalid', () =>
    releaser.ignoreDrift(key, 'prod', { item: 'config/a', until: soon.toISOString() }),
  )
})

test('what a look saw while a release was at work is thrown away', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: [file('a', 'A'), file('b', 'B')] })
  const { key } = platform.project
  await platform.released('prod')
  platform.write(file('a', 'A2'))
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  platform.onTouch = async (operation) => {
    if (operation !== 'update') return
    reached.resolve()
    await gate.promise
  }
  const { id } = await platform.release('prod')
  await reached.promise
  platform.tamper('prod/b.config', 'tampered')
  const { releaser } = house().clients
  assert.match(await refusedWith('not_possible_now', () => releaser.adoptDrift(key, 'prod')), /deployed to/)
  await refusedWith('not_possible_now', () => releaser.reassertDrift(key, 'prod', { all: true }))
  const run = await releaser.checkDrift(key, 'prod')
  assert.equal((await releaser.checkDrift(key, 'prod')).id, run.id, 'one look at a time')
  assert.equal((await runOver(house(), run.id)).state, 'succeeded')
  gate.resolve()
  assert.equal((await house().untilOver(id)).state, 'succeeded')
  const { status, last } = await house().client.getDrift(key, 'prod')
  assert.deepEqual([status, last?.outcome], ['unknown', 'skipped'])
  assert.match(await house().log(run.id), /thrown away/)
  assert.equal((await look(house(), platform, 'prod')).status, 'drifted')
})

test('by the clock it is looked at once for all the times that passed, and not while a release is at work', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const drift = { cron: '0 * * * *', time_zone: 'Europe/Paris' }
  const environments = [
    { name: 'prod', drift },
    { name: 'empty', drift },
  ]
  const platform = await house().platform({ resources: [file('a', 'A')], environments })
  const { key } = platform.project
  const checks = async () =>
    (await house().client.listDriftChecks(key, 'prod')).items.map(({ outcome }) => outcome)
  const pass = async (hours: number) => {
    house().clock.now = new Date(house().clock.now.getTime() + hours * 3_600_000)
    await house().engine!.sweep()
  }
  await platform.released('prod')
  platform.tamper('prod/a.config', 'tampered')
  await pass(5)
  await until(checks, (found) => found.length === 1, 'the look of five hours')
  await pass(0)
  assert.deepEqual(await checks(), ['drifted'])
  const { items: runs } = await house().client.listRuns(key, { kind: 'drift' })
  assert.deepEqual(
    runs.map(({ cause, environment_name }) => [cause, environment_name]),
    [['schedule', 'prod']],
  )

  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  platform.onTouch = (operation) => {
    if (operation !== 'update') return undefined
    reached.resolve()
    return gate.promise
  }
  const { id } = await platform.release('prod')
  await reached.promise
  await pass(1)
  await until(checks, (found) => found.length === 2, 'what is said of the look that was left out')
  assert.deepEqual(await checks(), ['skipped', 'drifted'])
  gate.resolve()
  await house().untilOver(id)
  const { status, schedule } = await house().client.getDrift(key, 'prod')
  assert.equal(status, 'clean', 'the release put it back')
  assert.ok(schedule && new Date(schedule.next_at!) > house().clock.now)
  assert.equal((await house().client.getDrift(key, 'empty')).last, null, 'nothing was ever left there')
})

async function stateVersion(environment_id: string): Promise<number> {
  const query = house().ctx.db.selectFrom('infra_state').select('version')
  return (await query.where('environment_id', '=', environment_id).executeTakeFirstOrThrow()).version
}

test('where nothing was ever released there is nothing to find; where the look fails, that is said', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const platform = await house().platform({ resources: [file('a', 'A')] })
  const { key } = platform.project
  assert.equal((await look(house(), platform, 'prod')).status, 'clean')
  await platform.released('prod')
  platform.tamper('prod/a.config', 'no \0 text')
  const odd = await look(house(), platform, 'prod')
  assert.deepEqual(drifted(odd), [['config/a', 'update', ['content', 'sha256']]])
  assert.equal((await platform.released('prod')).state, 'succeeded')
  // A folder in the place of the file is something that the provider cannot read.
  platform.tamper('prod/a.config', null)
  platform.tamper('prod/a.config/within', 'x')
  const { id } = await house().clients.releaser.checkDrift(key, 'prod')
  assert.equal((await runOver(house(), id)).state, 'failed')
  const { status, last } = await house().client.getDrift(key, 'prod')
  assert.deepEqual([status, last?.outcome], ['clean', 'failed'], 'as it was last seen')
  assert.match(last!.detail!, /EISDIR/)
})
