import { listApprovals as rows, type NamedApproval } from '#store/approval.ts'
import type { Context } from '../context.ts'
import { getDeployment } from '../deployments/get-deployment.ts'

export interface ApprovalView extends NamedApproval {
  /** Whether it is about the plan that the deployment has now. */
  current: boolean
}

/** Everything that was said of a deployment's plans, oldest first. Throws `not_found`. */
export async function listApprovals(
  ctx: Context,
  { deployment_id }: { deployment_id: string },
): Promise<ApprovalView[]> {
  const { plan_digest } = await getDeployment(ctx, { deployment_id })
  const voices = await rows(ctx.db, [deployment_id])
  return voices.map((voice) => ({ ...voice, current: voice.plan_digest === plan_digest }))
}
