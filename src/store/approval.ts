import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface ApprovalTable {
  deployment_id: string
  plan_digest: string
  user_id: string
  verdict: 'approved' | 'rejected'
  reason: string | null
  at: Date
}

export type ApprovalRow = Selectable<ApprovalTable>
export type NamedApproval = ApprovalRow & { user_name: string }

/** Every voice about these deployments, of whichever of their plans, oldest first. */
export function listApprovals(db: Db, deploymentIds: readonly string[]): Promise<NamedApproval[]> {
  return db
    .selectFrom('approval')
    .innerJoin('user', 'user.id', 'approval.user_id')
    .selectAll('approval')
    .select('user.name as user_name')
    .where('deployment_id', '=', sql<string>`any(${sql.val(deploymentIds)}::uuid[])`)
    .orderBy('at')
    .orderBy('user_id')
    .execute()
}

/** One voice per person and plan: a later one takes the place of the earlier. */
export async function upsertApproval(db: Db, row: ApprovalRow): Promise<void> {
  const { verdict, reason, at } = row
  await db
    .insertInto('approval')
    .values(row)
    .onConflict((on) =>
      on.columns(['deployment_id', 'plan_digest', 'user_id']).doUpdateSet({ verdict, reason, at }),
    )
    .execute()
}
