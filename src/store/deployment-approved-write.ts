import { sql } from 'kysely'
import type { Change } from '#domain/plan.ts'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import type { ClaimedDeployment, Stamp } from './deployment-write.ts'

export interface ApprovedDeployment extends ClaimedDeployment {
  plan_id: string
  changes: Change[]
  kept: JsonObject | null
}

/**
 * Takes in hand what was approved: a deployment that is applying, of whose attempt nothing was begun. A new attempt is
 * its fence. It is claimed by the attempt that was seen, so that of two who see it only one gets it.
 */
export async function claimApproved(
  db: Db,
  environmentId: string,
  { at }: Pick<Stamp, 'at'>,
): Promise<ApprovedDeployment | undefined> {
  const result = await sql<ApprovedDeployment>`
    with next as (
      select id, attempt from deployment
      where environment_id = ${environmentId} and state = 'applying' and driver = 'engine'
        and not exists (select from deployment_step step where step.deployment_id = deployment.id
          and step.attempt = deployment.attempt and step.name = 'apply')
    ), claimed as (
      update deployment set attempt = deployment.attempt + 1, version = version + 1
      from next
      where deployment.id = next.id and deployment.attempt = next.attempt and deployment.state = 'applying'
      returning deployment.*
    ), step as (
      insert into deployment_step (deployment_id, attempt, name, started_at)
      select id, attempt, 'apply', ${at}::timestamptz from claimed
    )
    select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
      claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
      claimed.selected_keys, claimed.requested_by, claimed.rolls_back, claimed.deploys_plan,
      null as deploys_digest, claimed.refresh, claimed.allow_destroy, environment.executor,
      environment.executor_settings, revision.scope, revision.items, plan.id as plan_id, plan.changes, plan.kept
    from claimed
    join environment on environment.id = claimed.environment_id
    join revision on revision.id = claimed.revision_id
    join plan on plan.id = claimed.plan_id
  `.execute(db)
  return result.rows[0]
}
