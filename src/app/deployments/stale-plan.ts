import type { OutcomeRecord } from '#store/deployment-outcome-write.ts'
import type { WorkInHand } from './claim-deployment.ts'

const liveChanged = 'What is live has changed since the plan was made; nothing was changed. Plan it anew.'

/** How a deployment ends that was to apply a plan that is not true any more: it changed nothing. */
export function stalePlan(
  { id, attempt }: WorkInHand,
  plan_id: string,
  failure_detail = liveChanged,
): OutcomeRecord & { failure_code: string; failure_detail: string } {
  return {
    deployment_id: id,
    attempt,
    plan_id,
    to: 'failed',
    faults: [],
    uncertain: false,
    failure_code: 'plan_stale',
    failure_detail,
    counts: {},
  }
}
