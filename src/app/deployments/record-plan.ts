import { countChanges, planDigest, type Change } from '#domain/plan.ts'
import { leaveConflicts } from '#domain/rollback.ts'
import { listDoneItems } from '#store/deployment-item.ts'
import { recordPlan as record } from '#store/deployment-write.ts'
import type { Context } from '../context.ts'
import { stamp, type WorkInHand } from './claim-deployment.ts'

export interface RecordedPlan {
  plan_id: string
  changes: readonly Change[]
  to: 'applying' | 'planned' | 'unchanged'
}

/**
 * Stores what a deployment would change and moves it on: to applying, or to its end where it was only to be planned
 * or nothing is to be done. Undefined: it was canceled or taken over meanwhile.
 */
export async function recordPlan(
  ctx: Context,
  work: WorkInHand,
  planned: readonly Change[],
): Promise<RecordedPlan | undefined> {
  const plan_id = ctx.newId()
  const changes = work.rolls_back
    ? leaveConflicts(planned, await listDoneItems(ctx.db, work.rolls_back), work.task.live)
    : planned
  const to = whereTo(work, changes)
  const kept = await record(
    ctx.db,
    {
      deployment_id: work.id,
      attempt: work.attempt,
      plan_id,
      digest: planDigest(work.environment_id, changes),
      changes,
      to,
      counts: countChanges(changes),
    },
    stamp(ctx),
  )
  ctx.committed()
  return kept ? { plan_id, changes, to } : undefined
}

function whereTo({ dry_run, forced }: WorkInHand, changes: readonly Change[]): RecordedPlan['to'] {
  if (dry_run) return 'planned'
  const idle = !forced && changes.every((change) => change.action === 'none' && !change.fault)
  return idle ? 'unchanged' : 'applying'
}
