import type { Subject } from '#store/dispatch.ts'
import { findDeploymentOrder, findStateOf } from '#store/dispatch-order.ts'
import type { Context } from '../context.ts'

/** The place in which one process at a time may do something: an environment for deployments. Undefined: it is gone. */
export async function placeOfWork(ctx: Context, subject: Subject): Promise<string | undefined> {
  if (subject.run_id !== undefined) return `run ${subject.run_id}`
  const order = await findDeploymentOrder(ctx.db, subject.deployment_id)
  return order && `environment ${order.environment_id}`
}

/** Where a deployment or a run is now, and whose attempt it is. */
export function stateOfWork(
  ctx: Context,
  subject: Subject,
): Promise<{ state: string; attempt: number } | undefined> {
  return findStateOf(ctx.db, subject)
}
