import { queueDays } from '#domain/bulk-job.ts'
import { firstIdSince } from '#domain/ids.ts'
import type { QueueFilter } from '#store/publish-queue.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { daysBefore } from '../retention/policy.ts'

/** What the caller may see of a branch's publish queue: of the last 30 days, to the environments of their token. */
export function queueInSight(
  ctx: Context,
  { project_id, branch }: { project_id: string; branch: string },
): QueueFilter {
  authorize(ctx, 'deployment.read', { project_id, branch })
  const environment_ids = ctx.principal?.environment_ids ?? undefined
  const since_id = firstIdSince(daysBefore(ctx.now(), queueDays))
  return { project_id, branch, since_id, environment_ids }
}
