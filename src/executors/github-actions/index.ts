import { joinVocabularies } from '#domain/order-vocabulary.ts'
import { planChanges } from '#domain/plan.ts'
import type { Ending, Interlude, Look, Order } from '#executors/contract.ts'
import type { OrderVocabulary, OutsideExecutor, Tools } from '#executors/contract.ts'
import { openGitHub, type ApiOptions } from './api.ts'
import { followRun } from './follow-run.ts'
import { prepareStart } from './prepare-start.ts'
import { seekRun } from './seek-run.ts'
import { hindered, startRun } from './start-run.ts'
import { usualTiming, type Timing } from './timing.ts'

export interface GitHubActionsOptions extends ApiOptions {
  /** What else the facts are called, as inputs. */
  vocabulary?: OrderVocabulary
  timing?: Timing
}

/**
 * Starts a workflow of GitHub Actions and follows its run to the end. GitHub calls nobody back for certain, and so it is
 * asked again and again; after a loss the run is looked for before anything is started.
 */
export function githubActionsExecutor({
  vocabulary = joinVocabularies([]),
  timing = usualTiming,
  ...api
}: GitHubActionsOptions): OutsideExecutor {
  const desk = { vocabulary, timing, api }
  const run = (order: Order, tools: Tools) => apply(desk, order, tools)
  return {
    name: 'github-actions',
    scope: 'outside',
    after_loss: 'look',
    never_unchanged: true,
    plan: async (task) => planChanges(task),
    apply: run,
    run,
    find: async (order) => begun(order),
    look: (order, tools, why) => look(desk, order, tools, why),
  }
}

interface Desk {
  vocabulary: OrderVocabulary
  timing: Timing
  api: ApiOptions
}

/** What was started, or may have been, is looked at before anything else. */
function begun({ outside_id, progress }: Order): Interlude | undefined {
  const known = outside_id !== null || progress.intended_at !== undefined
  return known ? { state: 'waiting', look_in_seconds: 0 } : undefined
}

async function apply(
  { vocabulary, timing, api }: Desk,
  order: Order,
  tools: Tools,
): Promise<Ending | Interlude> {
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  const known = begun(order)
  if (known) return known
  const github = openGitHub(api, order, tools)
  const start = await prepareStart(github, order, vocabulary)
  if (!('inputs' in start)) return hindered(start, order, tools)
  if (order.kind !== 'check') return startRun(github, start, order, { tools, timing })
  // It cannot be told that it is not meant: a workflow that deploys would deploy.
  const names = start.declared.map(({ name }) => name).join(', ') || 'no inputs'
  await tools.log('engine', [`${start.workflow} at ${start.ref} can be started, and declares ${names}`])
  return { state: 'succeeded' }
}

function look({ timing, api }: Desk, order: Order, tools: Tools, why: Look): Promise<Ending | Interlude> {
  const means = { github: openGitHub(api, order, tools), order, tools, timing, why }
  // It was given back to be started, and whoever did so died before that was written down.
  if (!begun(order)) return Promise.resolve({ state: 'pausing', seconds: 0 })
  const { outside_id, progress } = order
  const known = outside_id !== null && !wasThere(outside_id, progress.newest_run)
  return known ? followRun(means, outside_id) : seekRun(means)
}

/** A run that was there before ours was started cannot be ours, whatever it says of itself: one of an earlier attempt. */
function wasThere(run_id: string, newest_run: unknown): boolean {
  const number = /^[0-9]{1,20}$/
  if (typeof newest_run !== 'string' || !number.test(newest_run) || !number.test(run_id)) return false
  return BigInt(run_id) <= BigInt(newest_run)
}
