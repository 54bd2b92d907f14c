/** Jobs only wake: what there is to do stands in our own rows. */
export interface Jobs {
  /** There may be a deployment to run in this environment. */
  'run-environment': { environment_id: string }
  /** The time of a scheduled deployment has come, or a gate of a waiting one may have opened. */
  'admit-deployments': Record<string, never>
  /** A scheduled deployment is planned when it is requested, to be looked at. */
  'plan-ahead': { deployment_id: string }
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
