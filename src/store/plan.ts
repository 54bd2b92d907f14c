import { sql, type Selectable } from 'kysely'
import type { Change } from '#domain/plan.ts'
import type { JsonColumn } from './columns.ts'
import type { Db } from './database.ts'

export interface PlanTable {
  id: string
  environment_id: string
  revision_id: string
  /** The deployment that it was made for: what was selected and forced stands there. */
  deployment_id: string | null
  digest: string
  changes: JsonColumn<Change[]>
  created_at: Date
}

export type PlanRow = Selectable<PlanTable>

export function findPlan(db: Db, id: string): Promise<PlanRow | undefined> {
  return db.selectFrom('plan').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Stores a plan of a deployment that still waits for its time; nothing when it waits no longer. */
export async function insertPlanAhead(
  db: Db,
  plan: Omit<PlanRow, 'changes'> & { deployment_id: string; changes: readonly Change[] },
): Promise<void> {
  await sql`
    with waiting as (
      update deployment set plan_id = ${plan.id}::uuid, version = version + 1
      where id = ${plan.deployment_id} and state = 'requested' and deploys_plan is null
      returning id
    )
    insert into plan (id, environment_id, revision_id, deployment_id, digest, changes, created_at)
    select ${plan.id}::uuid, ${plan.environment_id}::uuid, ${plan.revision_id}::uuid, id, ${plan.digest},
      ${JSON.stringify(plan.changes)}::jsonb, ${plan.created_at}::timestamptz
    from waiting
  `.execute(db)
}
