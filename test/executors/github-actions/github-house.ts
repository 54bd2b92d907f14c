import type { TestContext } from 'node:test'
import type { Deploy } from '#app/configuration/deploy-settings.ts'
import { readLog } from '#app/logs/read-log.ts'
import { openCodeHouse, until, type CodeHouse, type Shop } from '../../code-house.ts'
import { gitHubStandIn, repository, type GitHubStandIn } from './stand-in.ts'

type Subject = { deployment_id: string } | { run_id: string }

export interface GitHubHouse extends CodeHouse {
  /** GitHub with this workflow, for one test. */
  gitHub(t: TestContext, workflow?: string): Promise<GitHubStandIn>
  /** How an environment deploys, or a project is built, there. */
  by(gitHub: GitHubStandIn, more?: Partial<Deploy>): Deploy
  /** A new project with a candidate, and an environment for each of these. */
  shopAt(...deploys: Deploy[]): Promise<{ shop: Shop; deploy(environment?: number): Promise<string> }>
  /** Asks for a deployment of a new candidate to the one environment of a new project. Answers its id. */
  deploy(gitHub: GitHubStandIn, more?: Partial<Deploy>): Promise<string>
  /** Waits while time goes by, and whatever is due is looked at. */
  pass(there: () => Promise<boolean> | boolean, what?: string): Promise<void>
  /** How it ended, while time goes by. */
  over(id: string): ReturnType<CodeHouse['ended']>
  logOf(subject: Subject): Promise<string[]>
}

/** The newest generation of names, and a title by which its runs are told apart. */
export const usualWorkflow = `
name: Deploy
run-name: Deploy \${{ inputs.aviator_release_candidate_version }} (\${{ inputs.aviator_deployment_id }})
on:
  workflow_dispatch:
    inputs:
      aviator_deployment_id: { type: string }
      aviator_release_cut_id: { type: string }
      aviator_release_cut_commit_hash: { type: string }
      aviator_release_candidate_version: { type: string, required: true }
jobs: {}
`

/** One whose runs are all called the same. */
export const namelessWorkflow = usualWorkflow.replace(/run-name.*\n/, '')

export const ends =
  (conclusion: string): GitHubStandIn['onRun'] =>
  (run) =>
    void Object.assign(run, { status: 'completed', conclusion })

/** A whole server for projects of code. GitHub stands beside it: one for each test. Time goes by in steps. */
export async function gitHubHouse(t: TestContext, { step_seconds = 3 } = {}): Promise<GitHubHouse> {
  const house = await openCodeHouse(t)
  const by: GitHubHouse['by'] = ({ url, token }, more = {}) => ({
    ...{ executor: 'github-actions', workflow: 'deploy.yml', token, url, repository },
    ...more,
  })
  const pass: GitHubHouse['pass'] = async (there, what = 'it') => {
    for (let n = 0; !(await there()); n += 1) {
      if (n > 1000) throw new Error(`waited for ${what} in vain`)
      house.clock.now = new Date(house.clock.now.getTime() + step_seconds * 1000)
      await house.engine!.sweep()
      await new Promise((resolve) => setTimeout(resolve, 70))
    }
  }
  const shopAt: GitHubHouse['shopAt'] = async (...deploys) => {
    const nameOf = (index: number) => (index === 0 ? 'staging' : `staging-${index}`)
    const environments = deploys.map((deploy, index) => ({ name: nameOf(index), deploy }))
    const shop = await house.shop({ environments })
    const candidate = await shop.cut()
    return { shop, deploy: (environment = 0) => shop.deploy(candidate, nameOf(environment)) }
  }
  return {
    ...house,
    by,
    pass,
    gitHub: (test, workflow = usualWorkflow) => gitHubStandIn(test, workflow),
    shopAt,
    deploy: async (gitHub, more) => (await shopAt(by(gitHub, more))).deploy(),
    async over(id) {
      const ended = house.ended(id)
      let done = false
      void ended.finally(() => (done = true)).catch(() => undefined)
      await pass(() => done, `the end of ${id}`)
      return ended
    },
    async logOf(subject) {
      const { lines } = await readLog(house.ctx, { ...subject, after: 0, limit: 1000 })
      return lines.map(({ stream, text }) => `${stream} ${text}`)
    },
  }
}

export const dispatchOf = ({ ctx }: GitHubHouse, deployment_id: string) =>
  until(
    () =>
      ctx.db.selectFrom('dispatch').selectAll().where('deployment_id', '=', deployment_id).executeTakeFirst(),
    (row) => row !== undefined && row.state !== 'begun',
    'a dispatch that is not in hand',
  ).then((row) => row!)
