import type { Ending, Interlude, Json, Order, Tools } from '#executors/contract.ts'
import { pauseAfter } from '#executors/pause-after.ts'
import type { GitHub, Reply } from './api.ts'
import { fieldsOf, idOf, listOf, pageOf } from './fields.ts'
import { obstacle, type Obstacle } from './obstacle.ts'
import type { Start } from './prepare-start.ts'
import type { Timing } from './timing.ts'

/** What is kept from before it was started, so that its run is found whatever happens then. */
export type Intent = {
  workflow_id: string
  workflow: string
  ref: string
  title: (string | null)[]
  telling: boolean
  /** The newest run that there was: ours comes after it. '0': there was none. */
  newest_run: string
  intended_at: string
}

/** Starts the workflow once: what has not been answered for certain is looked for before anything is done again. */
export async function startRun(
  github: GitHub,
  start: Start,
  order: Order,
  { tools, timing }: { tools: Tools; timing: Timing },
): Promise<Ending | Interlude> {
  const newest_run = await newestRun(github, start)
  if (typeof newest_run !== 'string') return hindered(newest_run, order, tools)
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  const { workflow_id, workflow, ref, telling } = start
  const intended_at = tools.now().toISOString()
  const intent = { workflow_id, workflow, ref, title: [...start.title], telling, newest_run, intended_at }
  await tools.keep(intent)
  const reply = await post(github, start)
  if (reply.kind === 'done') return started(reply.body, intent, tools, timing)
  await tools.log('engine', [`GitHub on starting ${workflow}: ${reply.saying}`])
  if (reply.kind === 'later' && reply.unknown) return { state: 'waiting', look_in_seconds: timing.look(0) }
  return hindered(obstacle(reply, `starting ${workflow} at ${ref}`), order, tools)
}

/** Runs are numbered as they come, so that no clock but GitHub's has to be believed. */
async function newestRun(github: GitHub, { workflow_id, workflow }: Start): Promise<string | Obstacle> {
  const path = `${github.repository}/actions/workflows/${workflow_id}/runs?event=workflow_dispatch&per_page=1`
  const reply = await github.get(path)
  if (reply.kind !== 'done') return obstacle(reply, `the runs of ${workflow}`)
  return idOf(listOf(fieldsOf(reply.body).workflow_runs)[0]?.id) ?? '0'
}

async function post(github: GitHub, { workflow_id, ref, inputs }: Start): Promise<Reply> {
  const path = `${github.repository}/actions/workflows/${workflow_id}/dispatches`
  const reply = await github.post(path, { ref, inputs, return_run_details: true })
  // An older GitHub Enterprise Server knows no such key, says so, and has done nothing.
  const old = reply.kind === 'refused' && reply.status === 422 && /return_run_details/.test(reply.saying)
  return old ? github.post(path, { ref, inputs }) : reply
}

async function started(body: unknown, intent: Intent, tools: Tools, timing: Timing): Promise<Interlude> {
  const { workflow_run_id, html_url } = fieldsOf(body)
  const run_id = idOf(workflow_run_id)
  const run_url = pageOf(html_url)
  if (run_id) await tools.bind(run_id)
  await tools.keep({ ...intent, sent: true, ...(run_url ? { run_url } : {}) })
  const as = run_id ? `as run ${run_id}: ${run_url ?? 'no page was named'}` : 'and does not say as which run'
  await tools.log('engine', [`GitHub has started ${intent.workflow} at ${intent.ref} ${as}`])
  return { state: 'waiting', look_in_seconds: timing.look(0) }
}

/** Nothing was started: it is given up, or tried again later. */
export async function hindered(hindrance: Obstacle, order: Order, tools: Tools): Promise<Ending | Interlude> {
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  if ('refused' in hindrance)
    return { state: 'failed', code: 'dispatch_failed', detail: hindrance.refused, untouched: true }
  const tries = Number(order.progress.tries ?? 0)
  const kept: { [key: string]: Json } = { tries: tries + 1 }
  await tools.keep(kept)
  await tools.log('engine', [hindrance.saying])
  return pauseAfter(tries, hindrance.seconds)
}
