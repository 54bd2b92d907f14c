import { sql, type Generated, type Selectable } from 'kysely'
import type { Change } from '#domain/plan.ts'
import type { JsonColumn, JsonObject } from './columns.ts'
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
  /** What the executor needs to carry out exactly this plan. */
  kept: JsonColumn<JsonObject> | null
  /** Asked for by the plan itself, beside what its environment asks for; and why. */
  approvals_needed: Generated<number>
  approval_reason: string | null
}

export type PlanRow = Selectable<PlanTable>

/** What only a plan that was made outside has. */
type Outside = 'kept' | 'approvals_needed' | 'approval_reason'

export function findPlan(db: Db, id: string): Promise<PlanRow | undefined> {
  return db.selectFrom('plan').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Stores a plan that is carried out in the same transaction. */
export async function insertPlan(
  db: Db,
  plan: Omit<PlanRow, 'changes' | Outside> & { changes: readonly Change[] },
): Promise<void> {
  await db
    .insertInto('plan')
    .values({ ...plan, changes: JSON.stringify(plan.changes) })
    .execute()
}

/** Stores a plan of a deployment that still waits for its time; nothing when it waits no longer. */
export async function insertPlanAhead(
  db: Db,
  plan: Omit<PlanRow, 'changes' | Outside> & { deployment_id: string; changes: readonly Change[] },
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

/** Where a plan belongs, and what it was made of. */
export interface PlanOrigin extends Omit<PlanRow, 'changes' | Outside> {
  project_id: string
  environment_name: string
  release_id: string
  release_branch: string | null
  release_removed: boolean
  scope: 'change_set' | 'whole_state'
  revision_digest: string
  selected_keys: string[] | null
  forced: boolean
  rolls_back: string | null
  refresh: boolean
  allow_destroy: boolean
  source_commit: string | null
}

export function findPlanOrigin(db: Db, id: string): Promise<PlanOrigin | undefined> {
  return db
    .selectFrom('plan')
    .innerJoin('environment', 'environment.id', 'plan.environment_id')
    .innerJoin('revision', 'revision.id', 'plan.revision_id')
    .innerJoin('release', 'release.id', 'revision.release_id')
    .innerJoin('deployment', 'deployment.id', 'plan.deployment_id')
    .select(['plan.id', 'plan.environment_id', 'plan.revision_id', 'plan.deployment_id', 'plan.digest'])
    .select(['plan.created_at', 'environment.project_id', 'environment.name as environment_name'])
    .select(['release.id as release_id', 'release.branch as release_branch', 'revision.scope'])
    .select('revision.digest as revision_digest')
    .select((eb) => eb('release.removed_at', 'is not', null).$castTo<boolean>().as('release_removed'))
    .select(['deployment.selected_keys', 'deployment.forced', 'deployment.rolls_back'])
    .select(['deployment.refresh', 'deployment.allow_destroy', 'deployment.source_commit'])
    .where('plan.id', '=', id)
    .executeTakeFirst()
}
