import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { StandInJob } from './stand-in.ts'

export interface Stage {
  /** The repository that is checked out. */
  folder: string
  inputs: Record<string, string>
  vars: Record<string, string>
  secrets: Record<string, string>
  run_id: number
}

interface Step {
  name?: string
  if?: string
  uses?: string
  with?: Record<string, string>
  env?: Record<string, string>
  run?: string
}

interface Workflow {
  env?: Record<string, string>
  jobs: Record<string, { if?: string; env?: Record<string, string>; steps: Step[] }>
}

/**
 * Does what a runner of GitHub's does with a workflow file, as far as ours goes: conditions, environments, checkouts, and
 * each `run` in bash, with the machine's own curl. Answers the jobs that ran.
 */
export async function playWorkflow(text: string, stage: Stage): Promise<StandInJob[]> {
  const workflow = parse(text) as Workflow
  const played: StandInJob[] = []
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const played_so_far: StandInJob = { name, status: 'completed', conclusion: 'success', steps: [] }
    if (!holds(job.if, stage, 'success')) continue
    const work = await mkdtemp(join(tmpdir(), 'headgate-runner-'))
    try {
      for (const step of job.steps)
        await playStep(step, { stage, work, played: played_so_far, envs: [workflow.env, job.env] })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    played.push(played_so_far)
  }
  return played
}

interface Playing {
  stage: Stage
  work: string
  played: StandInJob
  envs: (Record<string, string> | undefined)[]
}

async function playStep(step: Step, { stage, work, played, envs }: Playing): Promise<void> {
  const status = played.conclusion ?? 'success'
  const name = step.name ?? step.uses ?? 'nameless'
  const done = (conclusion: string) => played.steps.push({ name, status: 'completed', conclusion })
  const goesOn = step.if === undefined ? status === 'success' : holds(step.if, stage, status)
  if (!goesOn) return void done('skipped')
  const env: Record<string, string> = {}
  for (const some of [...envs, step.env])
    for (const [key, value] of Object.entries(some ?? {})) env[key] = fill(value, stage, status)
  const fine = step.run === undefined ? checkOut(step, stage, work) : await bash(step.run, env, work)
  done(fine ? 'success' : 'failure')
  if (!fine) played.conclusion = 'failure'
}

function checkOut({ uses, with: options = {} }: Step, stage: Stage, work: string): boolean {
  if (uses !== 'actions/checkout@v4') throw new Error(`the runner knows no ${uses}`)
  execFileSync('git', ['clone', '--quiet', stage.folder, work])
  execFileSync('git', ['checkout', '--quiet', fill(options.ref ?? 'main', stage, 'success')], { cwd: work })
  return true
}

/** As GitHub calls it where a step names no shell: `bash -e {0}`. */
async function bash(script: string, env: Record<string, string>, cwd: string): Promise<boolean> {
  const child = spawn('bash', ['-e', '-c', script], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

const holds = (condition: string | undefined, stage: Stage, status: string) =>
  condition === undefined || !['', 'false'].includes(fill(condition, stage, status))

const fill = (text: string, stage: Stage, status: string) =>
  text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_all, expression: string) => valueOf(expression, stage, status))

/** The few expressions that our file has. An unknown one fails the test. */
function valueOf(expression: string, stage: Stage, status: string): string {
  if (expression.includes(' || '))
    return (
      expression
        .split(' || ')
        .map((one) => valueOf(one, stage, status))
        .find((value) => value !== '') ?? ''
    )
  const [, left] = /^(.+) != ''$/.exec(expression) ?? []
  if (left) return String(valueOf(left, stage, status) !== '')
  const [, group, name] = /^(inputs|vars|secrets)\.(\w+)$/.exec(expression) ?? []
  if (group && name) return stage[group as 'inputs'][name] ?? ''
  const plain: Record<string, string> = {
    'always()': 'true',
    'job.status': status,
    'github.run_id': String(stage.run_id),
    'github.ref': 'main',
  }
  if (plain[expression] === undefined) throw new Error(`the runner cannot tell ${expression}`)
  return plain[expression]
}
