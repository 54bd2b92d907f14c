/** Jobs only wake: what there is to do stands in our own rows. */
export interface Jobs {
  /** There may be a deployment to run in this environment. */
  'run-environment': { environment_id: string }
  /** The time of a scheduled deployment has come, or a gate of a waiting one may have opened. */
  'admit-deployments': Record<string, never>
  /** A scheduled deployment is planned when it is requested, to be looked at. */
  'plan-ahead': { deployment_id: string }
  /** An executor has something to do outside, to look after, or to stop: for a deployment or a run. */
  'run-executor': { deployment_id: string } | { run_id: string }
  /** Something that waits for the outside may be due: to be tried again, or given up. */
  'look-after-dispatches': Record<string, never>
  /** A log has got its last line, and may move out of the tables. */
  'pack-log': { log_id: string }
  /** Something was pushed to a repository. */
  'fetch-repository': { repository_id: string }
  /** A project may be due to be cut. */
  cut: { project_id: string }
  /** Something succeeded that goes on to the next environment by itself. */
  promote: Record<string, never>
  /** An environment may be due to be looked at for drift. */
  'detect-drift': { environment_id: string }
  /** A release that comes again and again may be due. */
  'fire-schedule': { schedule_id: string }
  /** There may be a message to send to a webhook. */
  'deliver-webhook': Record<string, never>
}

export type JobName = keyof Jobs

export type Job = {
  [N in JobName]: {
    name: N
    data: Jobs[N]
    /** Not before this time. */
    after?: Date
  }
}[JobName]
