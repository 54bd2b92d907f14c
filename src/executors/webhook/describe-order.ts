import { showId } from '#domain/ids.ts'
import type { Order } from '#executors/contract.ts'
import { orderSaid } from '#executors/order-said.ts'

/** What a receiver is told: facts, plan, and how to say how it goes on. */
export function describeOrder(order: Order, callback: { url: string; token: string }): object {
  const { kind, project, environment, deadline_at, attempt } = order
  const deployment = kind === 'deployment'
  return {
    type: deployment ? 'headgate.deploy' : kind === 'check' ? 'headgate.check' : 'headgate.run',
    dispatch_id: order.dispatch_id,
    ...(deployment
      ? { deployment_id: showId('deployment', order.subject_id) }
      : { run_id: showId('run', order.subject_id), run_kind: kind }),
    attempt,
    project: { id: showId('project', project.id), key: project.key },
    environment: environment && { id: showId('environment', environment.id), name: environment.name },
    ...orderSaid(order),
    callback,
    deadline_at: deadline_at.toISOString(),
  }
}
