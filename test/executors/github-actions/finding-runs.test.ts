import { test, type TestContext } from 'node:test'
import { bindRun } from '#app/dispatches/bind-run.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { requireDeployment } from '#app/deployments/deployment-view.ts'
import { dispatchOf, ends, gitHubHouse, namelessWorkflow } from './github-house.ts'
import type { GitHubStandIn } from './stand-in.ts'

/** The first start is done, or not, and its answer is lost. */
function lose(gitHub: GitHubStandIn, also: boolean): void {
  let lost = false
  gitHub.instead = (call) => {
    if (call !== 'POST dispatches' || lost) return undefined
    lost = true
    return { cut: true, also }
  }
}

const started = ({ calls }: GitHubStandIn) => calls.filter((call) => call === 'POST dispatches').length

test('runs whose start was not answered, or without their id', async (t: TestContext) => {
  const house = await gitHubHouse(t, { step_seconds: 12 })

  await t.test('a run whose title has our id in it is found among others', async (t: TestContext) => {
    const gitHub = await house.gitHub(t)
    gitHub.start({ aviator_release_candidate_version: 'before' })
    lose(gitHub, true)
    gitHub.onRun = ends('success')
    const id = await house.deploy(gitHub)
    await house.pass(() => gitHub.runs.length === 2)
    const { aviator_deployment_id, ...others } = gitHub.runs[1]!.inputs
    gitHub.start({ ...others, aviator_deployment_id: `${aviator_deployment_id}0` })
    t.assert.strictEqual((await house.over(id)).state, 'succeeded')
    t.assert.deepStrictEqual([started(gitHub), gitHub.runs.length], [1, 3])
    t.assert.strictEqual((await dispatchOf(house, id)).outside_id, String(gitHub.runs[1]!.id))
  })

  await t.test('one that did not arrive is started again, once', async (t: TestContext) => {
    for (const workflow of [undefined, namelessWorkflow]) {
      const gitHub = await house.gitHub(t, workflow)
      gitHub.start({ aviator_release_candidate_version: 'before' })
      lose(gitHub, false)
      gitHub.onRun = ends('success')
      t.assert.strictEqual((await house.over(await house.deploy(gitHub))).state, 'succeeded')
      t.assert.deepStrictEqual([started(gitHub), gitHub.runs.length], [2, 2])
    }
  })

  await t.test(
    'one that may have arrived and cannot be told from others is not started again, and its outcome is unknown',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t, namelessWorkflow)
      lose(gitHub, true)
      const failed = await house.over(await house.deploy(gitHub))
      t.assert.deepStrictEqual(
        [failed.state, failed.failure_code, started(gitHub)],
        ['failed', 'outcome_unknown', 1],
      )
      t.assert.match(failed.failure_detail ?? '', /nothing tells which: a run-name with an id in it would/)
    },
  )

  await t.test('one that says itself which it is, is followed', async (t: TestContext) => {
    const gitHub = await house.gitHub(t, namelessWorkflow)
    lose(gitHub, true)
    const id = await house.deploy(gitHub)
    await house.pass(() => gitHub.runs.length === 1)
    gitHub.start({})
    const [run] = gitHub.runs
    const { number } = await requireDeployment(house.ctx.db, id)
    const executor = 'github-actions'
    await bindRun(house.as.releaser, { of: { deployment: number }, executor, outside_id: String(run!.id) })
    ends('success')(run!)
    t.assert.strictEqual((await house.over(id)).state, 'succeeded')
  })

  await t.test('one that was there before says so in vain: its end is not ours', async (t: TestContext) => {
    const gitHub = await house.gitHub(t)
    gitHub.onRun = ends('success')
    const { deploy } = await house.shopAt(house.by(gitHub))
    t.assert.strictEqual((await house.over(await deploy())).state, 'succeeded')
    gitHub.onRun = () => {}
    const id = await deploy()
    await house.pass(() => gitHub.runs.length === 2)
    const [before, run] = gitHub.runs.toSorted((a, b) => a.id - b.id)
    const { number } = await requireDeployment(house.ctx.db, id)
    const binding = { of: { deployment: number }, executor: 'github-actions', outside_id: String(before!.id) }
    await bindRun(house.as.releaser, binding)
    ends('failure')(run!)
    t.assert.strictEqual((await house.over(id)).failure_code, 'run_failed')
  })

  await t.test(
    'where GitHub does not say which run it is, the one that came is it, and two alike are not',
    async (t: TestContext) => {
      const gitHub = await house.gitHub(t, namelessWorkflow)
      gitHub.details = false
      // An older GitHub Enterprise Server does not even know what it is asked for.
      let asked = 0
      gitHub.instead = (call) =>
        call === 'POST dispatches' && (asked += 1) === 1
          ? { status: 422, message: 'Invalid request. "return_run_details" is not a permitted key.' }
          : undefined
      gitHub.onRun = ends('success')
      const { deploy } = await house.shopAt(house.by(gitHub))
      t.assert.strictEqual((await house.over(await deploy())).state, 'succeeded')
      gitHub.onRun = (run) => {
        if (gitHub.runs.length === 2) gitHub.start({})
        else ends('success')(run)
      }
      const failed = await house.over(await deploy())
      t.assert.deepStrictEqual([failed.failure_code, started(gitHub)], ['outcome_unknown', 3])
      t.assert.match(failed.failure_detail ?? '', /one of 2 runs/)
    },
  )

  await t.test(
    'canceled before it is known whether it arrived, it is stopped where it did, and is not started again',
    async (t: TestContext) => {
      for (const also of [true, false]) {
        const gitHub = await house.gitHub(t)
        lose(gitHub, also)
        const id = await house.deploy(gitHub)
        await house.pass(() => started(gitHub) === 1)
        await dispatchOf(house, id)
        await cancelDeployment(house.as.releaser, { deployment_id: id })
        t.assert.strictEqual((await house.over(id)).state, 'canceled')
        t.assert.deepStrictEqual(
          gitHub.runs.map(({ conclusion }) => conclusion),
          also ? ['cancelled'] : [],
        )
        t.assert.strictEqual(started(gitHub), 1)
      }
    },
  )
})
