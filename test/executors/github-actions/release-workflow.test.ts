import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { dispatchOf, gitHubHouse } from './github-house.ts'
import { playWorkflow } from './play-workflow.ts'

const file = new URL('../../../docs/workflows/headgate-release.yml', import.meta.url)

const scripts = {
  'scripts/build.sh': '#!/bin/sh\necho "building $1"\n',
  'scripts/deploy.sh': '#!/bin/sh\ntest ! -e broken && echo "deploying $2 to $1"\n',
}

const hasCurl = spawnSync('curl', ['--version']).error === undefined
const where = { skip: hasCurl ? false : 'THE WORKFLOW WAS NOT PLAYED: there is no curl on this machine' }

test(
  'docs/workflows/headgate-release.yml builds and deploys, and says so as it goes',
  where,
  async (t: TestContext) => {
    const house = await gitHubHouse(t)
    const workflow = await readFile(file, 'utf8')
    const gitHub = await house.gitHub(t, workflow)
    const { repository: _own, ...by } = house.by(gitHub, { workflow: 'deploy.yml' })
    const shop = await house.shop({
      key: 'shop-by-workflow',
      repository_name: 'acme/shop',
      build: by,
      environments: [{ name: 'production', deploy: by }],
    })
    const { repository } = shop
    repository.commit('feat: scripts', scripts)
    for (const name of Object.keys(scripts)) chmodSync(join(repository.folder, name), 0o755)
    repository.commit('feat: let them run')
    gitHub.onRun = (run) => {
      run.status = 'in_progress'
      const { folder } = repository
      const vars = { HEADGATE_URL: house.url }
      const secrets = { HEADGATE_TOKEN: house.tokens.releaser }
      void playWorkflow(workflow, { folder, inputs: run.inputs, vars, secrets, run_id: run.id }).then(
        (jobs) => {
          const failed = jobs.some(({ conclusion }) => conclusion === 'failure')
          Object.assign(run, { jobs, status: 'completed', conclusion: failed ? 'failure' : 'success' })
        },
      )
    }
    const built = async () => {
      const { id } = await shop.cut()
      await house.pass(async () => (await getCandidate(house.ctx, { candidate_id: id })).state !== 'building')
      return getCandidate(house.ctx, { candidate_id: id })
    }

    const candidate = await built()
    t.assert.strictEqual(candidate.state, 'ready')
    const [build] = gitHub.runs
    t.assert.deepStrictEqual(
      build!.jobs.map(({ name }) => name),
      ['build'],
    )
    t.assert.match(build!.title, /-rc1 \(build [0-9]+, deployment \)$/)
    t.assert.ok(
      (await house.logOf({ run_id: candidate.build_run_id! })).includes('stdout build / Build: success'),
    )

    const id = await shop.deploy(candidate, 'production')
    t.assert.strictEqual((await house.over(id)).state, 'succeeded')
    const [, run] = gitHub.runs
    await house.pass(() => run!.status === 'completed')
    t.assert.deepStrictEqual(
      run!.jobs.map(({ name, steps }) => [name, ...steps.map(({ conclusion }) => conclusion)]),
      [['deploy', 'success', 'success', 'success', 'success', 'success']],
    )
    t.assert.strictEqual((await dispatchOf(house, id)).outside_id, String(run!.id))
    const path = `/api/releases/${shop.project.key}/environments/production/deployments`
    const list = async () => {
      const all = (await (await house.ask(path)).json()) as {
        release_candidate_version: string
        status: string
      }[]
      return all.map(({ release_candidate_version, status }) => [release_candidate_version, status])
    }
    t.assert.deepStrictEqual(await list(), [[candidate.version, 'success']])

    const page = await readFile(new URL('../../../docs/executors/github-actions.md', import.meta.url), 'utf8')
    const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
    const variables = {
      GIT_TOKEN: 'git-token',
      GITHUB_HOOK_SECRET: 'hook-secret',
      ACTIONS_TOKEN: 'actions-token',
    }
    await house.client.applyConfiguration({ yaml, variables }, { dry_run: true })

    repository.commit('feat: break', { broken: 'yes' })
    const worse = await built()
    t.assert.strictEqual(worse.state, 'ready')
    const failed = await house.over(await shop.deploy(worse, 'production'))
    t.assert.strictEqual(failed.state, 'failed')
    t.assert.deepStrictEqual(await list(), [
      [worse.version, 'failure'],
      [candidate.version, 'success'],
    ])
    await house.pass(() => gitHub.runs.at(-1)!.status === 'completed')
    t.assert.deepStrictEqual(
      gitHub.runs
        .at(-1)!
        .jobs[0]!.steps.map(({ name, conclusion }) => [name, conclusion])
        .slice(-2),
      [
        ['Deploy', 'failure'],
        ['Say how it ended', 'success'],
      ],
    )
  },
)
