import { test, type TestContext } from 'node:test'
import type { Deploy } from '#app/configuration/deploy-settings.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { requireDeployment } from '#app/deployments/deployment-view.ts'
import { listLive } from '#app/live/list-live.ts'
import { checkEnvironment } from '#app/runs/check-environment.ts'
import { getRun } from '#app/runs/get-run.ts'
import { isFinalRun } from '#domain/run-lifecycle.ts'
import { dispatchOf, ends, gitHubHouse, usualWorkflow } from './github-house.ts'
import type { GitHubStandIn, Instead } from './stand-in.ts'

test('workflows of GitHub Actions', async (t: TestContext) => {
  const house = await gitHubHouse(t)

  await t.test(
    'a deployment starts the workflow with what it declares, follows it, and is live',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t)
      const id = await house.deploy(gitHub)
      await house.pass(() => gitHub.runs.length === 1 && gitHub.calls.includes('GET jobs'))
      const [run] = gitHub.runs
      const { number } = await requireDeployment(house.ctx.db, id)
      const { inputs } = run!
      t.assert.match(inputs.aviator_release_cut_commit_hash!, /^[0-9a-f]{40}$/)
      t.assert.match(inputs.aviator_release_candidate_version!, /-rc1$/)
      t.assert.deepStrictEqual(Object.keys(inputs).toSorted(), [
        'aviator_deployment_id',
        'aviator_release_candidate_version',
        'aviator_release_cut_commit_hash',
      ])
      t.assert.strictEqual(inputs.aviator_deployment_id, String(number))
      const step = { name: 'Ship', status: 'completed', conclusion: 'success' } as const
      run!.status = 'in_progress'
      run!.jobs = [{ name: 'deploy', status: 'in_progress', conclusion: null, steps: [step] }]
      await house.pass(async () =>
        (await house.logOf({ deployment_id: id })).includes('stdout deploy / Ship: success'),
      )
      Object.assign(run!, { status: 'completed', conclusion: 'success' })
      Object.assign(run!.jobs[0]!, { status: 'completed', conclusion: 'success' })
      t.assert.strictEqual((await house.over(id)).state, 'succeeded')
      const page = `https://github.com/acme/shop/actions/runs/${run!.id}`
      const log = await house.logOf({ deployment_id: id })
      for (const line of [
        `engine GitHub has started deploy.yml at main as run ${run!.id}: ${page}`,
        `engine the run is in progress: ${page}`,
        'stdout deploy: in_progress',
        'stdout deploy: success',
        'engine succeeded',
      ])
        t.assert.ok(log.includes(line), `${line}\n${log.join('\n')}`)
      t.assert.strictEqual(log.filter((line) => line.includes('deploy / Ship')).length, 1)
      const dispatch = await dispatchOf(house, id)
      t.assert.deepStrictEqual([dispatch.outside_id, dispatch.progress.run_url], [String(run!.id), page])
      t.assert.doesNotMatch(log.join('\n') + JSON.stringify(dispatch), new RegExp(gitHub.token))
      t.assert.strictEqual(gitHub.calls.filter((call) => call.startsWith('POST')).length, 1)
    },
  )

  await t.test(
    'an older generation of names is filled too, and what headgate.yaml gives beside it',
    async (t: TestContext) => {
      const workflow = `on: { workflow_dispatch: { inputs: { deployment_id: {}, commit_sha: {}, version: { required: true }, where: {}, headgate_project: {}, speed: { required: true, default: slow } } } }`
      const gitHub = await house.gitHub(t, workflow)
      gitHub.onRun = ends('success')
      const inputs = { where: '${environment} at ${commit}' }
      t.assert.strictEqual((await house.over(await house.deploy(gitHub, { inputs }))).state, 'succeeded')
      const { deployment_id, commit_sha, version, where, headgate_project, ...rest } = gitHub.runs[0]!.inputs
      t.assert.match(`${deployment_id} ${version} ${headgate_project}`, /^[0-9]+ \S+-rc1 shop/)
      t.assert.strictEqual(where, `staging at ${commit_sha}`)
      t.assert.deepStrictEqual(rest, {}, 'its own default is left to it')
    },
  )

  await t.test(
    'what GitHub or the workflow refuses has failed with the reason, and nothing is uncertain',
    async (t: TestContext) => {
      const inputs = (text: string) => `on: { workflow_dispatch: { inputs: { ${text} } } }`
      const cases: [workflow: string, more: object, reason: RegExp][] = [
        [usualWorkflow, { token: 'ghp_of_somebody_else' }, /401 Bad credentials/],
        [usualWorkflow, { workflow: 'ship.yml' }, /the workflow ship\.yml: 404 Not Found/],
        [usualWorkflow, { ref: 'gone' }, /No commit found for the ref gone/],
        [usualWorkflow, { repository: 'acme/cellar' }, /the repository: 404 Not Found/],
        [usualWorkflow, { inputs: { flavour: 'mint' } }, /declares no input flavour/],
        [inputs('version: {}, password: { required: true }'), {}, /requires password, which nothing fills/],
        [inputs('flavour: {}'), {}, /declares no input that says what it is about/],
        ['on: [push]', {}, /has no workflow_dispatch/],
        ['on: [push', {}, /is no workflow that can be read/],
        [usualWorkflow, {}, /^GitHub on starting deploy\.yml at main: 422 Actions is disabled\.$/],
      ]
      const gitHubs: GitHubStandIn[] = []
      const deploys: Deploy[] = []
      for (const [workflow, more] of cases) {
        const gitHub = await house.gitHub(t, workflow)
        gitHub.instead = (call) =>
          call === 'POST dispatches' ? { status: 422, message: 'Actions is disabled.' } : undefined
        gitHubs.push(gitHub)
        deploys.push(house.by(gitHub, more))
      }
      const { deploy } = await house.shopAt(...deploys)
      const ids = []
      for (const index of cases.keys()) ids.push(await deploy(index))
      for (const [index, [, , reason]] of cases.entries()) {
        const failed = await house.over(ids[index]!)
        t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'dispatch_failed'])
        t.assert.match(failed.failure_detail ?? '', reason)
        const live = await listLive(house.ctx, { environment_id: failed.environment_id, limit: 10 })
        t.assert.deepStrictEqual([live, gitHubs[index]!.runs], [[], []])
      }
    },
  )

  await t.test('each conclusion has its end', async (t: TestContext) => {
    const cases: [conclusion: string, code: string | null, reason: RegExp][] = [
      ['failure', 'run_failed', /^The run failed: https:/],
      ['timed_out', 'run_failed', /took longer/],
      ['startup_failure', 'run_failed', /could not be started/],
      ['cancelled', 'canceled', /was canceled at GitHub/],
      ['skipped', 'outcome_unknown', /ended as skipped/],
      ['action_required', 'outcome_unknown', /ended as action_required/],
    ]
    const gitHub = await house.gitHub(t)
    gitHub.onRun = (run) => ends(cases[gitHub.runs.length - 1]![0])(run)
    const { deploy } = await house.shopAt(house.by(gitHub))
    const ids = []
    for (const _ of cases) ids.push(await deploy())
    for (const [index, [, code, reason]] of cases.entries()) {
      const failed = await house.over(ids[index]!)
      t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', code])
      t.assert.match(failed.failure_detail ?? '', reason)
    }
  })

  await t.test(
    'a job that failed is named with its step and page, and what it did is uncertain',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t)
      gitHub.onRun = (run) => {
        ends('failure')(run)
        const job = { status: 'completed', conclusion: 'success' } as const
        const step = { name: 'Ship', status: 'completed', conclusion: 'failure' } as const
        run.jobs = [
          { name: 'build', steps: [], ...job },
          {
            name: 'deploy',
            steps: [{ ...step, name: 'Fetch', conclusion: 'success' }, step],
            ...job,
            conclusion: 'failure',
          },
        ]
      }
      const failed = await house.over(await house.deploy(gitHub))
      t.assert.match(
        failed.failure_detail ?? '',
        /^Job deploy failed at Ship: https:\/\/github\.com\/acme\/shop\/actions\/runs\/[0-9]+\/job\/[0-9]+$/,
      )
      const live = await listLive(house.ctx, { environment_id: failed.environment_id, limit: 10 })
      t.assert.deepStrictEqual(
        live.map(({ uncertain }) => uncertain),
        [true],
      )
    },
  )

  await t.test(
    'canceled, the run is stopped at GitHub, by force where it goes on',
    async (t: TestContext) => {
      for (const stubborn of [false, true]) {
        const gitHub = await house.gitHub(t)
        gitHub.onRun = (run) => Object.assign(run, { stubborn })
        const id = await house.deploy(gitHub)
        await house.pass(() => gitHub.calls.includes('GET jobs'))
        await cancelDeployment(house.as.releaser, { deployment_id: id })
        const done = await house.over(id)
        t.assert.deepStrictEqual([done.state, gitHub.runs[0]!.conclusion], ['canceled', 'cancelled'])
        const posts = gitHub.calls.filter((call) => call.startsWith('POST') && call !== 'POST dispatches')
        t.assert.deepStrictEqual(posts, stubborn ? ['POST cancel', 'POST force-cancel'] : ['POST cancel'])
      }
    },
  )

  await t.test('one that does not end in time has failed, and its run is stopped', async (t: TestContext) => {
    const gitHub = await house.gitHub(t)
    const failed = await house.over(await house.deploy(gitHub, { timeout_seconds: 20 }))
    t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'timed_out'])
    t.assert.strictEqual(gitHub.runs[0]!.conclusion, 'cancelled')
  })

  await t.test('one that ended in time while nobody looked has ended so', async (t: TestContext) => {
    const gitHub = await house.gitHub(t)
    const id = await house.deploy(gitHub, { timeout_seconds: 600 })
    await house.pass(() => gitHub.calls.includes('GET jobs'))
    await dispatchOf(house, id)
    ends('success')(gitHub.runs[0]!)
    house.clock.now = new Date(house.clock.now.getTime() + 3_600_000)
    t.assert.strictEqual((await house.over(id)).state, 'succeeded')
  })

  await t.test('a limit of GitHub’s is waited out, and the workflow started once', async (t: TestContext) => {
    const gitHub = await house.gitHub(t)
    gitHub.onRun = ends('success')
    const reset = String(Math.floor(house.clock.now.getTime() / 1000) + 40)
    const limits: Instead[] = [
      { status: 429, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '20' } },
      {
        status: 403,
        message: 'API rate limit exceeded',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      },
      { status: 503, message: 'No server is available' },
    ]
    const met: (string | undefined)[] = []
    gitHub.instead = (call) => {
      const limit = call === 'POST dispatches' || met.length > 0 ? limits.shift() : undefined
      if (limit) met.push(call)
      return limit
    }
    const id = await house.deploy(gitHub)
    t.assert.strictEqual((await house.over(id)).state, 'succeeded')
    t.assert.deepStrictEqual([met.length, gitHub.runs.length], [3, 1])
    const log = (await house.logOf({ deployment_id: id })).join('\n')
    t.assert.match(log, /429 You have exceeded a secondary rate limit/)
  })

  await t.test(
    'a check reads the workflow, says what it declares, and starts nothing',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t)
      const shop = await house.shop({ environments: [{ name: 'staging', deploy: house.by(gitHub) }] })
      const { id } = await checkEnvironment(house.as.releaser, {
        environment_id: shop.environments.staging!.id,
      })
      await house.pass(async () => isFinalRun((await getRun(house.ctx, { run_id: id })).state))
      const run = await getRun(house.ctx, { run_id: id })
      t.assert.deepStrictEqual([run.state, gitHub.runs], ['succeeded', []], run.failure_detail ?? '')
      t.assert.match(
        (await house.logOf({ run_id: id })).join(),
        /can be started, and declares aviator_deployment_id, /,
      )
    },
  )

  await t.test(
    'a build is a run of the workflow: its candidate is ready by it, or is not',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t)
      const shop = await house.shop({ build: house.by(gitHub) })
      for (const [conclusion, state] of [
        ['success', 'ready'],
        ['failure', 'build_failed'],
      ] as const) {
        gitHub.onRun = ends(conclusion)
        const { id, ordinal, version } = await shop.cut()
        const settled = house.settled(id)
        let done = false
        void settled.finally(() => (done = true)).catch(() => undefined)
        await house.pass(() => done)
        t.assert.strictEqual((await settled).state, state)
        const { inputs } = gitHub.runs.at(-1)!
        t.assert.deepStrictEqual(
          [
            inputs.aviator_release_cut_id,
            inputs.aviator_release_candidate_version,
            inputs.aviator_deployment_id,
          ],
          [String(ordinal), version, undefined],
        )
        shop.repository.commit('feat: more', { more: version })
      }
    },
  )
})
