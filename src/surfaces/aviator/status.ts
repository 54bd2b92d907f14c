import type { DeploymentState } from '#domain/lifecycle.ts'
import { reportedStatuses, type ReportedStatus } from '#domain/reported-status.ts'

/** The vendor's word for each state of a deployment (section 1.3). Lists and answers have no other words. */
export const words: Record<DeploymentState, ReportedStatus> = {
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

/** What could not even be started, or of whose end nothing is known. */
const errors = new Set(['dispatch_failed', 'outcome_unknown', 'timed_out'])

/** What a caller reported is answered as it was said, until somebody else ends it; all else follows from the state and how it failed. */
export function statusWord({ state, driver, reported, failure_code }: Told): ReportedStatus {
  if (driver === 'caller' && reported !== null && reportedStatuses[reported] === state) return reported
  if (state === 'failed' && failure_code !== null && errors.has(failure_code)) return 'error'
  return words[state]
}
