import type { DeploymentState } from '#domain/lifecycle.ts'
import { reportedStatuses, type ReportedStatus } from '#domain/reported-status.ts'

/** The vendor's word for each state of a deployment (section 1.3). Lists and answers have no other words. */
const words: Record<DeploymentState, ReportedStatus> = {
  requested: 'pending',
  queued: 'pending',
  planning: 'in_progress',
  // Nobody has begun it: it waits for people, as it would for its turn.
  awaiting_approval: 'pending',
  applying: 'in_progress',
  canceling: 'canceling',
  unchanged: 'success',
  succeeded: 'success',
  partly_succeeded: 'failure',
  failed: 'failure',
  invalid: 'error',
  expired: 'canceled',
  rejected: 'canceled',
  canceled: 'canceled',
  planned: 'success',
}

export interface Told {
  state: DeploymentState
  driver: 'engine' | 'inline' | 'caller'
  /** What its caller said of it last, where one deploys by their own means. */
  reported: ReportedStatus | null
  failure_code: string | null
}

/**
 * What could not even be started, or of whose end nothing is known, is no failure of what was deployed: an `error`. What
 * an outside says of its own run follows section 4; a failure with any other code is a `failure`.
 */
const failures: Readonly<Record<string, ReportedStatus>> = {
  no_executor: 'error',
  not_runnable: 'error',
  not_started: 'error',
  executor_broke: 'error',
  outcome_unknown: 'error',
  timed_out: 'error',
  stop_unanswered: 'error',
  plan_stale: 'error',
  gone: 'error',
  build_gone: 'error',
  dispatch_failed: 'error',
  address_refused: 'error',
  receiver_refused: 'error',
  buildkite_refused: 'error',
  canceled: 'canceled',
  build_not_run: 'unknown',
}

/** What a caller reported is answered as it was said, until somebody else ends it; all else follows from state and failure. */
export function statusWord({ state, driver, reported, failure_code }: Told): ReportedStatus {
  if (driver === 'caller' && reported !== null && reportedStatuses[reported] === state) return reported
  if (state === 'failed' && failure_code !== null) return failures[failure_code] ?? words[state]
  return words[state]
}
