import { test, type TestContext } from 'node:test'
import { ProblemError } from '#client/problem-error.ts'
import { sharedInfraHouse, terraformOrSkip } from '../../infra-house.ts'

const house = sharedInfraHouse()

const greeting = {
  type: 'config',
  name: 'greeting',
  spec: { content: 'hello ${blueprint.self.variables.WHO}' },
}
const api = {
  type: 'service',
  name: 'api',
  spec: { env: { FILE: '${config.greeting.out.attributes.path}' }, replicas: 1 },
}

/** What a refusal says, field by field. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    return `done: ${JSON.stringify(await work)}`
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const { problem } = error
    return `${problem.status} ${JSON.stringify(problem)}`
  }
}

test('a release takes variables, overrides and artifacts as they are, and what they change is said before', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, platform } = house()
  const site = await platform({
    resources: [greeting, api],
    environments: [{ name: 'prod', variables: { WHO: 'world' } }],
  })
  const { key } = site.project
  const admin = clients.admin
  const first = await site.released('prod')
  t.assert.equal(first.state, 'succeeded', first.failure_detail ?? '')
  t.assert.equal(site.real('prod/greeting.config'), 'hello world')
  t.assert.deepEqual((await admin.simulateRelease(key, 'prod')).items, [])
  const before = await clients.viewer.listResources(key, 'prod')
  t.assert.deepEqual(
    before.items.map((one) => [one.key, one.version === one.live_version, one.version !== null]),
    [
      ['config/greeting', true, true],
      ['service/api', true, true],
    ],
  )

  await admin.setVariable(key, 'prod', 'WHO', { value: 'moon' })
  await clients.releaser.putOverride(key, 'prod', 'service', 'api', { changes: { spec: { replicas: 3 } } })
  await clients.releaser.registerArtifact(key, {
    application: 'api',
    uri: 'registry/api:7',
    environment: 'prod',
  })
  const foreseen = (await admin.simulateRelease(key, 'prod')).items
  const said = foreseen.flatMap((one) =>
    one.changes.map(({ cause, attribute }) => `${one.action} ${one.key} ${attribute} by ${cause}`),
  )
  t.assert.deepEqual(said, [
    'changed config/greeting spec.content by variable',
    'changed service/api spec.release.image by artifact',
    'changed service/api spec.replicas by override',
  ])
  const second = await site.released('prod')
  t.assert.equal(second.state, 'succeeded', second.failure_detail ?? '')
  t.assert.equal(site.real('prod/greeting.config'), 'hello moon')
  t.assert.match(site.real('prod/api.service') ?? '', /"registry\/api:7".*"replicas":3|"replicas":3.*api:7/)

  // What was planned from the first revision is brought back by its number alone.
  const again = await site.released('prod', { revision: first.revision_number })
  t.assert.equal(again.state, 'succeeded', again.failure_detail ?? '')
  t.assert.equal(site.real('prod/greeting.config'), 'hello world')
})

test('what is unknown, disabled, or nothing at all is refused before anything is made', async (t: TestContext) => {
  const { clients, platform } = house()
  const site = await platform({ resources: [{ type: 'config', name: 'one', spec: { content: '1' } }] })
  const { key } = site.project
  site.write({ type: 'config', name: 'off', disabled: true, spec: { content: '2' } })
  await clients.releaser.putOverride(key, 'prod', 'config', 'one', { disabled: true })
  const ask = (terms: Record<string, unknown>) => refusal(site.release('prod', terms))
  t.assert.match(await ask({ items: ['config/two'] }), /^422 .*config\/two is no resource of the blueprint/)
  t.assert.match(
    await ask({ items: ['config/off'] }),
    /^422 .*config\/off is disabled in prod by the blueprint/,
  )
  t.assert.match(
    await ask({ items: ['config/one'] }),
    /^422 .*config\/one is disabled in prod by its override/,
  )
  t.assert.match(await ask({ items: ['nothing'] }), /^422 /)
  t.assert.match(await ask({ items: [] }), /^422 /)
  t.assert.match(await ask({ items: ['config/one'], destroy_all: true }), /^422 /)
  t.assert.match(await ask({ on_item_failure: 'continue' }), /^422 /)
  t.assert.match(await ask({ revision: 99 }), /^404 /)
  t.assert.deepEqual(
    (await clients.viewer.listResources(key, 'prod')).items.map((one) => one.disabled),
    ['blueprint', 'override'],
  )
  const made = await house().ask(`/headgate/v1/projects/${key}/environments/prod/deployments`)
  t.assert.deepEqual(await made.json(), { items: [], next: null })
})

test('a blueprint with errors makes a deployment that is invalid, kept for the history, and never run', async (t: TestContext) => {
  const { clients, platform } = house()
  const site = await platform({ resources: [{ ...api, name: 'broken' }] })
  const { key } = site.project
  const made = await site.release('prod')
  t.assert.equal(made.state, 'invalid')
  t.assert.equal(made.failure_code, 'blueprint_invalid')
  t.assert.match(made.failure_detail ?? '', /service\/instances\/broken\.json:\d+: /)
  t.assert.match(made.failure_detail ?? '', /config\.greeting/)
  const check = await clients.viewer.checkBlueprint(key, 'prod')
  t.assert.deepEqual(
    check.findings.filter(({ severity }) => severity === 'error').map((one) => [one.category, one.item_key]),
    [['non_existent_reference', 'service/broken']],
  )
  // The same revision stays what it is.
  const named = await site.release('prod', { revision: made.revision_number })
  t.assert.equal(named.state, 'invalid')
})

test('a release is put back, whole and resource by resource, and may have to be allowed to destroy', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, platform, untilOver } = house()
  const one = { type: 'config', name: 'one', spec: { content: 'first' } }
  const site = await platform({ resources: [one] })
  const { key } = site.project
  const first = await site.released('prod')
  site.write({ ...one, spec: { content: 'second' } })
  site.write({ type: 'config', name: 'two', spec: { content: 'new' } })
  t.assert.equal((await site.released('prod')).state, 'succeeded')

  const { deployment: timid } = await clients.releaser.rollBack(key, 'prod', { reason: 'broken' })
  const refused = await untilOver(timid.id)
  t.assert.deepEqual([refused.state, refused.failure_code], ['failed', 'destroy_not_allowed'])
  t.assert.equal(site.real('prod/one.config'), 'second')
  const { deployment } = await clients.releaser.rollBack(key, 'prod', { allow_destroy: true })
  const back = await untilOver(deployment.id)
  t.assert.equal(back.state, 'succeeded', back.failure_detail ?? '')
  t.assert.deepEqual([site.real('prod/one.config'), site.real('prod/two.config')], ['first', undefined])

  site.erase('config', 'two')
  site.write({ ...one, spec: { content: 'third' } })
  t.assert.equal((await site.released('prod', { items: ['config/one'] })).state, 'succeeded')
  const asked = { type: 'config', resource: 'one', deployment: first.id }
  const planned = await untilOver((await clients.releaser.rollBackResource(key, 'prod', asked)).id)
  t.assert.equal(planned.state, 'planned', planned.failure_detail ?? '')
  t.assert.equal(site.real('prod/one.config'), 'third')
  const applied = await untilOver((await clients.releaser.deploy(key, 'prod', { plan: planned.plan_id! })).id)
  t.assert.equal(applied.state, 'succeeded', applied.failure_detail ?? '')
  t.assert.equal(site.real('prod/one.config'), 'first')

  const gone = await site.released('prod', { destroy_all: true })
  t.assert.equal(gone.state, 'succeeded', gone.failure_detail ?? '')
  t.assert.equal(site.real('prod/one.config'), undefined)
})

test('production takes a blueprint that staging has proven, and no other, and is told why', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, platform, untilOver } = house()
  const one = { type: 'config', name: 'one', spec: { content: 'x' } }
  const site = await platform({
    resources: [one, { ...one, name: 'two' }],
    environments: [{ name: 'staging' }, { name: 'production', parent: 'staging', requires_parent: true }],
  })
  const impatient = { when_shut: 'refuse', allow_destroy: true }
  const refused = () => refusal(site.release('production', impatient))
  const same = 'released there from this blueprint and these modules'
  const never = new RegExp(`^409 .*It has not been proven in staging: nothing was ${same}\\.`)
  t.assert.match(await refused(), never)
  t.assert.equal((await site.released('staging', { items: ['config/one'] })).state, 'succeeded')
  t.assert.match(await refused(), /the newest release there from .* was not of all these resources\./)
  const whole = await site.released('staging')
  t.assert.equal(whole.state, 'succeeded', whole.failure_detail ?? '')
  t.assert.equal((await site.released('production', impatient)).state, 'succeeded')
  const said = { deployment: whole.id, allow_destroy: true }
  const { deployment } = await clients.releaser.rollBack(site.project.key, 'staging', said)
  t.assert.equal((await untilOver(deployment.id)).state, 'succeeded')
  t.assert.match(await refused(), new RegExp(`what was ${same} was rolled back\\.`))
  site.write({ ...one, spec: { content: 'y' } })
  t.assert.match(await refused(), never)
  // To take everything away is to be proven as well.
  for (const name of ['one', 'two']) site.erase('config', name)
  t.assert.match(await refused(), never)
})
