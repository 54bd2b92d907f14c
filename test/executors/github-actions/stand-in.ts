import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { parse } from 'yaml'
import { serve } from '../../ground/receiver.ts'
import { answerFaults, faultsOf, operationOf, problem, type Answer, type Found } from './check-calls.ts'
import { publishedApi, type PublishedApi } from './published-api.ts'

export interface StandInJob {
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  steps: { name: string; status: 'queued' | 'in_progress' | 'completed'; conclusion: string | null }[]
}

export interface StandInRun {
  id: number
  title: string
  status: string
  conclusion: string | null
  inputs: Record<string, string>
  jobs: StandInJob[]
  /** Asked to cancel, it goes on until it is forced. */
  stubborn: boolean
}

/** What is answered instead; `also`: the request is done all the same, and only its answer is another. */
export interface Instead {
  status?: number
  message?: string
  headers?: Record<string, string>
  also?: boolean
  /** The line is cut. */
  cut?: boolean
  /** Nothing is answered, for as long as anybody waits. */
  hang?: boolean
}

export interface GitHubStandIn {
  url: string
  token: string
  /** What lies on the default branch, by path. */
  files: Record<string, string>
  runs: StandInRun[]
  /** `POST dispatches` and the like, in their order. */
  calls: string[]
  /** What neither the description nor GitHub's rules know. It has to be empty. */
  faults: string[]
  /** Whether the answer to a dispatch names the run, as it does since 2026-02-19. */
  details: boolean
  /** Asked before each request is done. */
  instead: (call: string) => Instead | undefined
  /** What a new run does. Nothing when left out. */
  onRun: (run: StandInRun) => void
  /** Somebody else starts the workflow by hand. */
  start(inputs?: Record<string, string>): StandInRun
}

export const repository = 'acme/shop'
const workflowId = 161335

/**
 * Stands in for api.github.com with one repository that has one workflow, `deploy.yml`. Every request and every answer
 * is validated by GitHub's own description of its API; what the description does not say follows its documentation.
 */
export async function gitHubStandIn(t: TestContext, workflow: string): Promise<GitHubStandIn> {
  const api = await publishedApi()
  const state: GitHubStandIn = {
    url: '',
    token: 'ghp_0123456789abcdefghij',
    files: { '.github/workflows/deploy.yml': workflow },
    runs: [],
    calls: [],
    faults: [],
    details: true,
    instead: () => undefined,
    onRun: () => {},
    start: (inputs = {}) => startRun(state, inputs),
  }
  const { port } = await serve(t, async (request, response) => {
    const body = await text(request)
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const found = operationOf(api, request.method ?? '', url)
    const call = `${request.method} ${url.pathname.split('/').at(-1)}`
    state.calls.push(call)
    const faults = found ? faultsOf(found, { request, url, body }) : [`${request.method} ${url.pathname}`]
    state.faults.push(...faults)
    const instead = state.instead(call)
    const known = request.headers.authorization === `Bearer ${state.token}`
    const refused = !known
      ? problem(401, 'Bad credentials')
      : faults.length > 0
        ? problem(400, faults[0]!)
        : undefined
    const answer =
      refused ??
      (instead && !instead.also
        ? problem(instead.status ?? 500, instead.message ?? 'Instead')
        : act(state, api, found!, { url, body }))
    if (instead?.hang) return
    if (instead?.cut) return request.socket.destroy()
    const said = instead?.also ? problem(instead.status ?? 500, instead.message ?? 'Instead') : answer
    if (found) state.faults.push(...answerFaults(api, found.operation, said))
    send(response, said, instead?.headers)
  })
  state.url = `http://127.0.0.1:${port}`
  t.after(() => t.assert.deepStrictEqual(state.faults, []))
  return state
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

function act(
  state: GitHubStandIn,
  api: PublishedApi,
  { operation, path }: Found,
  { url, body }: { url: URL; body: string },
): Answer {
  const { owner, repo, run_id, workflow_id } = path
  const run = state.runs.find(({ id }) => id === Number(run_id))
  const unknown =
    `${owner}/${repo}`.toLowerCase() !== repository ||
    (run_id !== undefined && !run) ||
    (workflow_id !== undefined && workflow_id !== 'deploy.yml' && workflow_id !== String(workflowId))
  if (unknown) return problem(404, 'Not Found')
  switch (operation.id) {
    case 'repos/get': {
      const { source: _source, parent: _parent, ...example } = api.example('full-repository-default-response')
      return ok({ ...example, default_branch: 'main', language: null })
    }
    case 'actions/get-workflow':
      return ok({
        ...api.example('workflow'),
        id: workflowId,
        path: '.github/workflows/deploy.yml',
        state: 'active',
      })
    case 'repos/get-content':
      return fileOf(state, api, path.path!, url.searchParams.get('ref') ?? 'main')
    case 'actions/create-workflow-dispatch':
      return dispatch(state, JSON.parse(body) as Dispatch)
    case 'actions/list-workflow-runs': {
      const runs = state.runs.toReversed().slice(0, Number(url.searchParams.get('per_page') ?? 30))
      return ok({ total_count: state.runs.length, workflow_runs: runs.map((one) => runOf(state, api, one)) })
    }
    case 'actions/get-workflow-run':
      return ok(runOf(state, api, run!))
    case 'actions/list-jobs-for-workflow-run':
      return ok({
        total_count: run!.jobs.length,
        jobs: run!.jobs.map((job, at) => jobOf(state, api, { run: run!, job, at })),
      })
    default:
      return cancel(run!, operation.id.includes('force'))
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body })

function fileOf({ files }: GitHubStandIn, api: PublishedApi, path: string, ref: string): Answer {
  const file = files[path]
  if (file === undefined || ref !== 'main')
    return problem(404, ref === 'main' ? 'Not Found' : `No commit found for the ref ${ref}`)
  const content = Buffer.from(file).toString('base64').replaceAll(/.{60}/g, '$&\n')
  return ok({
    ...api.example('content-file-response-if-content-is-a-file'),
    path,
    content,
    encoding: 'base64',
    size: file.length,
  })
}

interface Dispatch {
  ref: string
  inputs?: Record<string, string>
  return_run_details?: boolean
}

interface Declared {
  on: { workflow_dispatch?: { inputs?: Record<string, { required?: boolean; default?: unknown }> } | null }
  'run-name'?: string
}

const declaredBy = ({ files }: GitHubStandIn) =>
  parse(files['.github/workflows/deploy.yml'] ?? '') as Declared

function dispatch(state: GitHubStandIn, { ref, inputs = {}, return_run_details }: Dispatch): Answer {
  const { on } = declaredBy(state)
  if (ref !== 'main') return problem(422, `No ref found for: ${ref}`)
  if (on === null || typeof on !== 'object' || !('workflow_dispatch' in on))
    return problem(422, "Workflow does not have 'workflow_dispatch' trigger")
  const declared = on.workflow_dispatch?.inputs ?? {}
  const strange = Object.keys(inputs).filter((name) => !(name in declared))
  if (strange.length > 0) return problem(422, `Unexpected inputs provided: ${JSON.stringify(strange)}`)
  const missing = Object.entries(declared).find(
    ([name, one]) => one?.required && one.default === undefined && !inputs[name],
  )
  if (missing) return problem(422, `Required input '${missing[0]}' not provided`)
  const run = startRun(state, inputs)
  if (!state.details || !return_run_details) return { status: 204, body: undefined }
  return ok({
    workflow_run_id: run.id,
    run_url: `${state.url}/repos/${repository}/actions/runs/${run.id}`,
    html_url: pageOf(run),
  })
}

const pageOf = ({ id }: StandInRun) => `https://github.com/${repository}/actions/runs/${id}`

function startRun(state: GitHubStandIn, inputs: Record<string, string>): StandInRun {
  const name = declaredBy(state)['run-name'] ?? 'Deploy'
  // Beyond 32 bits, as they are.
  const id = 20_000_000_000 + state.runs.length
  const title = name.replaceAll(/\$\{\{\s*(?:inputs\.([\w-]+)|[^}]*?)\s*\}\}/g, (_all, input?: string) =>
    input === undefined ? 'octocat' : (inputs[input] ?? ''),
  )
  const run: StandInRun = {
    id,
    title: title.trim(),
    status: 'queued',
    conclusion: null,
    inputs,
    jobs: [],
    stubborn: false,
  }
  state.runs.push(run)
  state.onRun(run)
  return run
}

function runOf({ url }: GitHubStandIn, api: PublishedApi, run: StandInRun): object {
  const { id, title: display_title, status, conclusion } = run
  const own = { id, display_title, status, conclusion, event: 'workflow_dispatch', head_branch: 'main' }
  const at = `${url}/repos/${repository}/actions/runs/${id}`
  return {
    ...api.example('workflow-run'),
    ...own,
    workflow_id: workflowId,
    url: at,
    html_url: pageOf(run),
    run_attempt: 1,
  }
}

function jobOf(
  { url }: GitHubStandIn,
  api: PublishedApi,
  { run, job, at }: { run: StandInRun; job: StandInJob; at: number },
): object {
  const id = run.id + 1000 + at
  const steps = job.steps.map((step, index) => ({ ...step, number: index + 1 }))
  const created_at = '2026-11-21T10:00:00Z'
  const html_url = `${pageOf(run)}/job/${id}`
  return {
    ...api.example('job'),
    ...job,
    id,
    run_id: run.id,
    steps,
    created_at,
    html_url,
    url: `${url}/repos/${repository}/actions/jobs/${id}`,
  }
}

function cancel(run: StandInRun, force: boolean): Answer {
  if (run.status === 'completed') return problem(409, 'Cannot cancel a workflow run that is completed.')
  if (force || !run.stubborn) Object.assign(run, { status: 'completed', conclusion: 'cancelled' })
  return { status: 202, body: {} }
}
