import { test, type TestContext } from 'node:test'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { checkEnvironment } from '#app/runs/check-environment.ts'
import { getRun } from '#app/runs/get-run.ts'
import { isFinalRun } from '#domain/run-lifecycle.ts'
import { until } from '../../code-house.ts'
import { exampleOf } from '../example-of.ts'
import { buildkiteHouse, webhookToken } from './buildkite-house.ts'
import { checkHook } from './hook-laws.ts'
import { tellOfBuild } from './hook.ts'

test('Buildkite builds candidates and deploys them', async (t: TestContext) => {
  const house = await buildkiteHouse(t)
  const { kite, ctx } = house

  await t.test(
    'it is heard only where it proves that it is Buildkite, and then not believed',
    (t: TestContext) => checkHook(t, house),
  )

  await t.test(
    'a build is told its cut under all names, and is over when a signed message says so',
    async (t: TestContext) => {
      const parameters = { CHANNEL: 'beta-${version}', AVIATOR_RELEASE_CUT_COMMIT_HASH: 'ours' }
      const shop = await house.shop({ build: house.by({ parameters }) })
      const candidate = await shop.cut({ version: '1.0.0-rc1' })
      t.assert.strictEqual(candidate.state, 'building')
      const build = await house.buildOf({ run_id: candidate.build_run_id! })
      t.assert.deepStrictEqual(
        [build.commit, build.branch, build.message],
        [candidate.commit_sha, 'trunk', 'Build 1.0.0-rc1'],
      )
      const { HEADGATE_RUN_ID: run, HEADGATE_DISPATCH_ID: dispatch, ...env } = build.env
      t.assert.partialDeepStrictEqual(env, {
        AVIATOR_RELEASE_CUT_ID: String(candidate.ordinal),
        AVIATOR_RELEASE_CANDIDATE_VERSION: '1.0.0-rc1',
        AVIATOR_RELEASE_CUT_COMMIT_HASH: 'ours',
        HEADGATE_CANDIDATE: '1.0.0-rc1',
        HEADGATE_RELEASE: '1.0.0',
        HEADGATE_COMMIT: candidate.commit_sha,
        HEADGATE_REPOSITORY: `acme/${shop.project.key}`,
        CHANNEL: 'beta-1.0.0-rc1',
      })
      t.assert.deepStrictEqual(build.meta_data, { headgate_dispatch: dispatch, headgate_run: run })
      kite.move(build.number, { state: 'passed' })
      const told = await tellOfBuild(house.url, 'build.finished', build, { secret: webhookToken })
      t.assert.strictEqual(told.status, 200)
      t.assert.strictEqual((await house.settled(candidate.id)).state, 'ready')
      const { result } = await getRun(ctx, { run_id: candidate.build_run_id! })
      t.assert.deepStrictEqual(result, { build: build.number, url: build.web_url })
    },
  )

  await t.test(
    'a deployment is told its id; blocked is not passed; it has failed as the build has',
    async (t: TestContext) => {
      const shop = await house.shop({
        environments: [{ name: 'staging', deploy: house.by({ branch: 'main' }) }],
      })
      const candidate = await shop.cut({ version: '2.0.0-rc1' })
      const deployment_id = await shop.deploy(candidate, 'staging')
      const build = await house.buildOf({ deployment_id })
      t.assert.strictEqual(build.branch, 'main')
      const { number } = await ctx.db
        .selectFrom('deployment')
        .select('number')
        .where('id', '=', deployment_id)
        .executeTakeFirstOrThrow()
      t.assert.partialDeepStrictEqual(build.env, {
        AVIATOR_DEPLOYMENT_ID: String(number),
        AVIATOR_RELEASE_CANDIDATE_VERSION: '2.0.0-rc1',
        HEADGATE_ENVIRONMENT: 'staging',
      })
      t.assert.ok(!('AVIATOR_RELEASE_CUT_ID' in build.env))
      kite.move(build.number, { state: 'passed', blocked: true })
      await house.pass(61)
      await until(
        () => house.logOf({ deployment_id }),
        (log) => log.includes('waits until somebody unblocks it'),
        'the block to be seen',
      )
      kite.move(build.number, { state: 'failed', blocked: false })
      await tellOfBuild(house.url, 'build.finished', build, { token: webhookToken })
      const done = await house.ended(deployment_id)
      t.assert.deepStrictEqual([done.state, done.failure_code], ['failed', 'build_failed'])
      t.assert.match(done.failure_detail ?? '', new RegExp(build.web_url))
    },
  )

  await t.test(
    'a build whose answer was lost is found again, and never created twice',
    async (t: TestContext) => {
      const shop = await house.shop({ environments: [{ name: 'staging', deploy: house.by() }] })
      const candidate = await shop.cut({ version: '3.0.0-rc1' })
      const before = kite.builds.length
      kite.instead = (call) => (call === 'POST /builds' ? { also: true, cut: true } : undefined)
      const deployment_id = await shop.deploy(candidate, 'staging')
      await until(
        () => house.logOf({ deployment_id }),
        (log) => log.includes('Buildkite did not answer'),
        'the line to be cut',
      )
      kite.instead = (call) => (call === 'GET /builds' ? { status: 502, body: {} } : undefined)
      await house.rests({ deployment_id })
      await house.pass(6)
      await until(
        () => house.logOf({ deployment_id }),
        (log) => log.includes('Buildkite answered 502'),
        'nobody to know of it',
      )
      kite.instead = () => undefined
      await house.rests({ deployment_id })
      await house.pass(16)
      const build = await house.buildOf({ deployment_id })
      t.assert.strictEqual(kite.builds.length, before + 1)
      kite.move(build.number, { state: 'passed' })
      await house.pass(61)
      t.assert.strictEqual((await house.ended(deployment_id)).state, 'succeeded')
    },
  )

  await t.test(
    'over its limit it is asked again when that is over; what it refuses is said in its words',
    async (t: TestContext) => {
      const shop = await house.shop({ environments: [{ name: 'staging', deploy: house.by() }] })
      const candidate = await shop.cut({ version: '4.0.0-rc1' })
      const body = { message: 'Validation Failed', errors: [{ field: 'branch', code: 'not_allowed' }] }
      let answers = [
        { status: 429, headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '42' }, body: {} },
        { status: 422, body },
      ]
      kite.instead = (call) => (call === 'POST /builds' ? answers.shift() : undefined)
      const deployment_id = await shop.deploy(candidate, 'staging')
      const paused = await house.rests({ deployment_id })
      const wait = (paused.resume_at!.getTime() - paused.begun_at.getTime()) / 1000
      t.assert.ok(wait >= 42 && wait < 60, `${wait} s`)
      await house.pass(60)
      const done = await house.ended(deployment_id)
      t.assert.deepStrictEqual(
        [done.state, done.failure_code, done.failure_detail],
        ['failed', 'buildkite_refused', 'Buildkite answered 422: Validation Failed; branch not_allowed'],
      )
      answers = []
      kite.instead = () => undefined
      const { uncertain } = await ctx.db
        .selectFrom('deployment_item')
        .select('uncertain')
        .where('deployment_id', '=', deployment_id)
        .executeTakeFirstOrThrow()
      t.assert.ok(!uncertain, 'nothing was begun')
    },
  )

  await t.test('canceled, the build is asked to stop; past its time too', async (t: TestContext) => {
    const deploy = house.by({ timeout_seconds: 3600 })
    const shop = await house.shop({ environments: [{ name: 'staging', deploy }] })
    const candidate = await shop.cut({ version: '5.0.0-rc1' })
    const first = await shop.deploy(candidate, 'staging')
    const build = await house.buildOf({ deployment_id: first })
    await cancelDeployment(ctx, { deployment_id: first })
    await until(
      async () => build.state,
      (state) => state === 'canceling',
      'the wish to arrive',
    )
    kite.move(build.number, { state: 'canceled' })
    await tellOfBuild(house.url, 'build.finished', build, { token: webhookToken })
    t.assert.strictEqual((await house.ended(first)).state, 'canceled')

    // Whether it arrived is not known when it is canceled.
    kite.instead = (call) => (call === 'POST /builds' ? { also: true, cut: true } : undefined)
    const lost = await shop.deploy(candidate, 'staging')
    await until(
      () => house.logOf({ deployment_id: lost }),
      (log) => log.includes('Buildkite did not answer'),
      'the line to be cut',
    )
    kite.instead = () => undefined
    await cancelDeployment(ctx, { deployment_id: lost })
    const found = await house.buildOf({ deployment_id: lost })
    await house.pass(3)
    await until(
      async () => found.state,
      (state) => state === 'canceling',
      'the wish to arrive there',
    )
    kite.move(found.number, { state: 'canceled' })
    await house.pass(3)
    t.assert.strictEqual((await house.ended(lost)).state, 'canceled')

    const second = await shop.deploy(candidate, 'staging')
    const slow = await house.buildOf({ deployment_id: second })
    await house.pass(3601)
    const late = await house.ended(second)
    t.assert.deepStrictEqual([late.state, late.failure_code], ['failed', 'timed_out'])
    t.assert.strictEqual(slow.state, 'canceling')
  })

  await t.test('a check asks for the pipeline and builds nothing', async (t: TestContext) => {
    const shop = await house.shop({
      environments: [
        { name: 'staging', deploy: house.by() },
        { name: 'production', deploy: house.by({ token: 'bkua_another_one' }) },
      ],
    })
    const before = kite.builds.length
    const ends = ['staging', 'production'].map(async (name) => {
      const { id } = await checkEnvironment(ctx, { environment_id: shop.environments[name]!.id })
      const run = await until(
        () => getRun(ctx, { run_id: id }),
        ({ state }) => isFinalRun(state),
        'the check',
      )
      return [run.state, run.failure_detail]
    })
    const [good, bad] = await Promise.all(ends)
    t.assert.deepStrictEqual(good, ['succeeded', null])
    t.assert.match(`${bad?.join(': ')}`, /failed: Buildkite answered 401: Authentication required/)
    t.assert.strictEqual(kite.builds.length, before)
  })

  await t.test('the example of docs/executors/buildkite.md is taken', async (t: TestContext) => {
    const yaml = (await exampleOf('buildkite.md', 'yaml')).replace('key: shop', 'key: documented')
    const { changes } = await house.client.applyConfiguration({
      yaml: yaml.replace('name: acme/shop', 'name: acme/documented'),
      variables: { BUILDKITE_TOKEN: kite.token, BUILDKITE_WEBHOOK_TOKEN: webhookToken },
    })
    t.assert.ok(changes.includes('+ project documented'), changes.join('\n'))
    const wrong = yaml.replace('${commit}', '${sha}')
    const variables = { BUILDKITE_TOKEN: kite.token, BUILDKITE_WEBHOOK_TOKEN: webhookToken }
    await t.assert.rejects(house.client.applyConfiguration({ yaml: wrong, variables }), /sha/)
  })

  t.assert.deepStrictEqual(kite.faults, [], 'every request was as Buildkite describes it')
})
