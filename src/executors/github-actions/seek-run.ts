import type { Ending, Interlude, Look, Order, Tools } from '#executors/contract.ts'
import type { GitHub } from './api.ts'
import { fieldsOf, idOf, listOf, pageOf, textOf, type Fields } from './fields.ts'
import { isTitled } from './run-title.ts'
import type { Intent } from './start-run.ts'
import type { Timing } from './timing.ts'

interface Seeking {
  github: GitHub
  order: Order
  tools: Tools
  timing: Timing
  why: Look
}

/**
 * Looks for the run of what was started, or may have been. A workflow whose `run-name` says an id of ours is told for
 * certain; else only whoever is alone can be it. Starts nothing: what did not arrive is given back to be started.
 */
export async function seekRun(seeking: Seeking): Promise<Ending | Interlude> {
  const { github, order, tools, timing } = seeking
  const intent = order.progress as unknown as Intent & { sent?: boolean }
  const since = (tools.now().getTime() - Date.parse(intent.intended_at)) / 1000
  const again = { state: 'waiting', look_in_seconds: timing.look(since) } as const
  const path = `${github.repository}/actions/workflows/${intent.workflow_id}/runs?event=workflow_dispatch&per_page=100`
  const reply = await github.get(path)
  if (reply.kind === 'refused') return unknown(`GitHub does not show the runs: ${reply.saying}`)
  if (reply.kind === 'later') return { ...again, look_in_seconds: reply.seconds ?? again.look_in_seconds }
  const runs = listOf(fieldsOf(reply.body).workflow_runs).filter((run) => mayBe(run, intent))
  const [run] = runs
  // The oldest comes last: what was started by us came before what somebody starts again.
  if (run && intent.telling) return found(seeking, runs.at(-1)!, 'by its title')
  if (run && runs.length === 1 && intent.sent) return found(seeking, run, 'as the only one since')
  if (!run && intent.sent) return again
  if (!run) return since < timing.arrive ? again : notArrived(seeking)
  if (since < timing.tell) return again
  return unknown(
    `It may be ${runs.length === 1 ? 'the one run' : `one of ${runs.length} runs`} of ${intent.workflow} since, and nothing tells which: a run-name with an id in it would.`,
  )
}

function mayBe(run: Fields, { ref, newest_run, title }: Intent): boolean {
  const id = idOf(run.id)
  if (id === undefined || BigInt(id) <= BigInt(newest_run) || run.event !== 'workflow_dispatch') return false
  return (
    textOf(run.head_branch) === ref.replace(/^refs\/(heads|tags)\//, '') &&
    isTitled(textOf(run.display_title) ?? '', title)
  )
}

async function found({ order, tools }: Seeking, run: Fields, how: string): Promise<Interlude> {
  const run_id = idOf(run.id)!
  const run_url = pageOf(run.html_url)
  await tools.bind(run_id)
  if (run_url) await tools.keep({ ...(order.progress as Intent), sent: true, run_url })
  await tools.log('engine', [`found ${how}: run ${run_id}: ${run_url ?? 'no page was named'}`])
  return { state: 'waiting', look_in_seconds: 0 }
}

async function notArrived({ tools, why }: Seeking): Promise<Ending | Interlude> {
  await tools.log('engine', ['GitHub has no such run: it was not started'])
  if (why.canceling_since) return { state: 'stopped', untouched: true }
  await tools.keep({})
  return { state: 'pausing', seconds: 0 }
}

const unknown = (detail: string): Ending => ({ state: 'failed', code: 'outcome_unknown', detail })
