import type { DeploymentState } from './lifecycle.ts'

/** How far a job about many items is. */
export type JobStanding = 'waiting' | 'queued' | 'running' | 'done' | 'partly' | 'failed'

/** What a deployment's state says of the job that asked for it. */
export const standingOfState: Record<DeploymentState, JobStanding> = {
  requested: 'waiting',
  queued: 'queued',
  planning: 'running',
  awaiting_approval: 'waiting',
  applying: 'running',
  canceling: 'running',
  unchanged: 'done',
  succeeded: 'done',
  planned: 'done',
  partly_succeeded: 'partly',
  failed: 'failed',
  invalid: 'failed',
  expired: 'failed',
  rejected: 'failed',
  canceled: 'failed',
}

/** For how many days the publish queue and the jobs are told of. */
export const queueDays = 30
