import type { Ending, Interlude, Json, Look, Order, Tools } from '#executors/contract.ts'
import { clean } from '#ground/lines.ts'
import { segment, type GitHub } from './api.ts'
import { fieldsOf, pageOf, textOf, type Fields } from './fields.ts'
import { readJobs, type Jobs } from './read-jobs.ts'
import type { Timing } from './timing.ts'

interface Following {
  github: GitHub
  order: Order
  tools: Tools
  timing: Timing
  why: Look
}

/** What is kept from look to look. */
type Notes = { [key: string]: Json }

/** How a run goes on that is known by its id: its jobs into the log, its end as ours, stopped where it has to be. */
export async function followRun(following: Following, run_id: string): Promise<Ending | Interlude> {
  const { github, order, tools, timing } = following
  const path = `${github.repository}/actions/runs/${segment(run_id)}`
  const reply = await github.get(path)
  const again = { state: 'waiting', look_in_seconds: lookAgain(order, tools, timing) } as const
  if (reply.kind === 'later') return { ...again, look_in_seconds: reply.seconds ?? again.look_in_seconds }
  if (reply.kind === 'refused') {
    const detail = `GitHub does not show run ${run_id} any more: ${reply.saying}`
    return { state: 'failed', code: 'outcome_unknown', detail }
  }
  const run = fieldsOf(reply.body)
  const { jobs, notes } = await tellJobs(following, path, run)
  if (run.status === 'completed') return endOf(run, jobs, following.why)
  return stopWhereDue(following, { path, notes, again })
}

function lookAgain({ progress }: Order, tools: Tools, timing: Timing): number {
  const began = Date.parse(String(progress.intended_at))
  return timing.look(Number.isNaN(began) ? 0 : (tools.now().getTime() - began) / 1000)
}

async function tellJobs(
  { github, order, tools }: Following,
  path: string,
  run: Fields,
): Promise<{ jobs: Jobs; notes: Notes }> {
  const jobs = await readJobs(github, path, fieldsOf(order.progress.seen))
  const status = textOf(run.status) ?? 'unknown'
  const run_url = pageOf(run.html_url) ?? textOf(order.progress.run_url) ?? null
  if (order.progress.status !== status)
    await tools.log('engine', [
      `the run is ${clean(status).replaceAll('_', ' ')}: ${run_url ?? 'no page was named'}`,
    ])
  if (jobs.lines.length > 0) await tools.log('stdout', jobs.lines)
  const notes: Notes = { ...(order.progress as Notes), status, run_url, seen: { ...jobs.seen } }
  if (jobs.lines.length > 0 || order.progress.status !== status) await tools.keep(notes)
  return { jobs, notes }
}

/** Asked to stop once and then ended by force; past its time, it is not left to itself. */
async function stopWhereDue(
  { github, tools, timing, why }: Following,
  { path, notes, again }: { path: string; notes: Notes; again: Interlude },
): Promise<Ending | Interlude> {
  const { canceling_since, late } = why
  if (!canceling_since && !late) return again
  const waited = canceling_since ? (tools.now().getTime() - canceling_since.getTime()) / 1000 : 0
  const by = canceling_since && waited >= timing.stop ? 'force-cancel' : 'cancel'
  if (notes.stopped_by !== by) {
    const reply = await github.post(`${path}/${by}`)
    const took =
      reply.kind === 'done' ? 'GitHub stops the run' : `GitHub on stopping the run: ${reply.saying}`
    await tools.log('engine', [`${by}: ${took}`])
    if (reply.kind === 'done') await tools.keep({ ...notes, stopped_by: by })
  }
  if (canceling_since) return { state: 'waiting', look_in_seconds: Math.min(timing.look(0), 3) }
  const detail = 'The run did not end within the time that it has; GitHub was asked to stop it.'
  return { state: 'failed', code: 'timed_out', detail }
}

const failures: Readonly<Record<string, string>> = {
  failure: 'failed',
  timed_out: 'took longer than GitHub lets it',
  startup_failure: 'could not be started by GitHub',
}

/** What a conclusion of GitHub's is for us. */
function endOf(run: Fields, { failed }: Jobs, { canceling_since }: Look): Ending {
  const conclusion = textOf(run.conclusion) ?? ''
  const page = pageOf(run.html_url)
  const at = page ? `: ${page}` : ''
  if (conclusion === 'success') return { state: 'succeeded', result: page ? { run_url: page } : {} }
  if (conclusion === 'cancelled')
    return canceling_since
      ? { state: 'stopped' }
      : { state: 'failed', code: 'canceled', detail: `The run was canceled at GitHub${at}` }
  const failure = failures[conclusion]
  if (failure === undefined) {
    const detail = `The run ended as ${clean(conclusion) || 'nothing that GitHub says'}, which does not say what came of it${at}`
    return { state: 'failed', code: 'outcome_unknown', detail }
  }
  return { state: 'failed', code: 'run_failed', detail: failed ?? `The run ${failure}${at}` }
}
