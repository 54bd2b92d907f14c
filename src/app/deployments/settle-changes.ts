import type { LiveItem } from '#domain/item.ts'
import { touchUncertain, type Change } from '#domain/plan.ts'
import type { Scope } from '#domain/revision.ts'
import { leaveConflicts } from '#domain/rollback.ts'
import type { Db } from '#store/database.ts'
import { listDoneItems } from '#store/deployment-item.ts'

interface Planned {
  rolls_back: string | null
  /** The revision's. */
  scope: Scope
  live: readonly LiveItem[]
}

/**
 * What an executor planned as a plan says it: nothing uncertain is unchanged, and a rollback leaves what something
 * else changed since. A whole state has no conflicts: it brings back all that was there, whatever came since.
 */
export async function settleChanges(
  db: Db,
  { rolls_back, scope, live }: Planned,
  planned: readonly Change[],
): Promise<readonly Change[]> {
  const sure = touchUncertain(planned, live)
  if (rolls_back === null || scope === 'whole_state') return sure
  return leaveConflicts(sure, await listDoneItems(db, rolls_back), live)
}
