import { isFinal, type DeploymentState } from './lifecycle.ts'

/**
 * What somebody who deploys by their own means can say of a deployment, in any order, and the state that it comes to.
 * What they do not know is still under way.
 */
export const reportedStatuses = {
  pending: 'queued',
  in_progress: 'applying',
  canceling: 'canceling',
  unknown: 'applying',
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  canceled: 'canceled',
} as const satisfies Record<string, DeploymentState>

export type ReportedStatus = keyof typeof reportedStatuses

export const reportedStatusNames = Object.keys(reportedStatuses) as ReportedStatus[]

/**
 * Whether a report is about a new attempt: there is none yet, or the newest is over and this one begins. Otherwise it is
 * about the newest, whatever was said of that before.
 */
export function opensAttempt(newest: { state: DeploymentState } | undefined, said: ReportedStatus): boolean {
  return newest === undefined || (isFinal(newest.state) && (said === 'pending' || said === 'in_progress'))
}

/** Whether what it was to change may have been half done, by what was reported before and is reported now. */
export function leavesUncertain(before: ReportedStatus | null, now: ReportedStatus): boolean {
  if (now === 'failure' || now === 'error') return true
  return now === 'canceled' && before !== null && before !== 'pending' && before !== 'canceled'
}
