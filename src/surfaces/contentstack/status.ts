import type { DeploymentState } from '#domain/lifecycle.ts'

/** The vendor's word for each state of a deployment (section 2.6). */
export const words: Record<DeploymentState, 'scheduled' | 'in_progress' | 'success' | 'partial' | 'failed'> =
  {
    requested: 'scheduled',
    queued: 'in_progress',
    planning: 'in_progress',
    awaiting_approval: 'in_progress',
    applying: 'in_progress',
    canceling: 'in_progress',
    unchanged: 'success',
    succeeded: 'success',
    partly_succeeded: 'partial',
    failed: 'failed',
    invalid: 'failed',
    expired: 'failed',
    rejected: 'failed',
    canceled: 'failed',
    planned: 'success',
  }

export type StatusWord = (typeof words)[DeploymentState]

export function statusWord(state: DeploymentState): StatusWord {
  return words[state]
}
