import type { Ending, Interlude } from '#executors/contract.ts'
import { secondsAfter } from '#executors/pause-after.ts'
import type { Outcome } from '#ground/outbound.ts'
import { sayingOf } from './api.ts'
import { describeBuild } from './describe-build.ts'
import { hold, nameOf, secondsOf } from './find-build.ts'
import type { Desk } from './index.ts'
import { readBuild, readText } from './read-build.ts'

export async function createBuild(desk: Desk): Promise<Ending | Interlude> {
  const { order, tools, api, vocabulary } = desk
  const tries = Number(order.progress.tries ?? 0)
  const branch = await branchFor(desk)
  if (typeof branch !== 'string') return refusedOrLater(desk, branch, { tries, reached: false })
  // Until its answer is there it may have arrived, also for whoever comes after us.
  await tools.keep({ tries, unknown: true })
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  const outcome = await api.create(describeBuild(order, branch, vocabulary))
  const build = 'status' in outcome && outcome.ok ? readBuild(outcome.body) : undefined
  if (!build) return refusedOrLater(desk, outcome, { tries, reached: true })
  await tools.log('engine', [`Buildkite has it as build ${nameOf(build)}`])
  return hold(desk, build)
}

/** The branch that a build has to name, the pipeline's own where nobody says one; else why it is not known. */
async function branchFor({ order: { settings, candidate }, api }: Desk): Promise<string | Outcome> {
  if (typeof settings.branch === 'string') return settings.branch
  if (candidate?.branch) return candidate.branch
  const outcome = await api.pipeline()
  if (!('status' in outcome && outcome.ok)) return outcome
  return readText(outcome.body, 'default_branch') ?? 'main'
}

/** `reached`: a build was to be created by it. */
async function refusedOrLater(
  { order, tools }: Desk,
  outcome: Outcome,
  { tries, reached }: { tries: number; reached: boolean },
): Promise<Ending | Interlude> {
  const saying = sayingOf(outcome)
  await tools.log('engine', [saying])
  const earlier = order.progress.unknown === true
  const { final, arrived } = verdictOf(outcome)
  const unknown = earlier || (reached && arrived)
  await tools.keep({ tries: tries + 1, ...(unknown ? { unknown } : {}) })
  if (final) return { state: 'failed', code: final, detail: saying, untouched: !unknown }
  const canceled = tools.signal.reason === 'canceled'
  if (tools.signal.aborted && !(canceled && unknown)) return { state: 'stopped', untouched: !unknown }
  const seconds = secondsAfter(tries, secondsOf(outcome))
  // Whether there is a build is found out by whoever looks; canceled meanwhile, it is then asked to stop.
  return unknown
    ? { state: 'waiting', look_in_seconds: canceled ? 0 : seconds }
    : { state: 'pausing', seconds }
}

/** `final`: it will not be taken, and under which code. `arrived`: it may have been taken all the same. */
function verdictOf(outcome: Outcome): { final?: string; arrived: boolean } {
  if ('refused' in outcome) return { final: 'address_refused', arrived: false }
  if ('failed' in outcome) return { arrived: true }
  const { status, ok } = outcome
  // Taken, and what it is could not be read: it is looked for.
  if (ok) return { arrived: true }
  if (status === 429) return { arrived: false }
  if (status === 408 || status >= 500) return { arrived: status !== 503 }
  return { final: 'buildkite_refused', arrived: false }
}
