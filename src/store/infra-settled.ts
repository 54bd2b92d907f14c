import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * Whether the state of an environment is the one that its newest deployment left which reached applying and succeeded, or
 * that a full plan found as it should be.
 */
export async function isStateSettled(db: Db, environmentId: string): Promise<boolean> {
  const { rows } = await sql`
    select from infra_environment here left join infra_state state using (environment_id)
    where here.environment_id = ${environmentId} and here.settled_version = coalesce(state.version, 0)
  `.execute(db)
  return rows.length > 0
}

/** From here on nobody knows what the state will be. Nothing where the environment is of another kind. */
export async function unsettleState(db: Db, environmentId: string): Promise<void> {
  await sql`
    update infra_environment set settled_version = null
    where environment_id = ${environmentId} and settled_version is not null`.execute(db)
}

/** A full plan found that nothing is to be done: the state that it was made from is as it should be, if it still is that. */
export async function settleOnPlan(db: Db, environmentId: string, planId: string): Promise<void> {
  await sql`
    update infra_environment here set settled_version = (plan.kept ->> 'state_version')::bigint
    from plan
    where here.environment_id = ${environmentId} and plan.id = ${planId}
      and (plan.kept ->> 'state_version')::bigint
        = coalesce((select version from infra_state where environment_id = here.environment_id), 0)
  `.execute(db)
}

/**
 * A deployment succeeded: the state is as it should be where it is the one that this deployment wrote last, or that its plan
 * was made from. Whoever else wrote one meanwhile is to be looked at.
 */
export async function settleOnSuccess(db: Db, environmentId: string, deploymentId: string): Promise<void> {
  await sql`
    update infra_environment here set settled_version = coalesce(state.version, 0)
    from deployment
    left join plan on plan.id = deployment.plan_id
    left join infra_state state on state.environment_id = deployment.environment_id
    where here.environment_id = ${environmentId} and deployment.id = ${deploymentId}
      and ((plan.kept ->> 'state_version')::bigint = coalesce(state.version, 0)
        or exists (select from infra_state_version written where written.environment_id = here.environment_id
          and written.version = state.version and written.deployment_id = deployment.id))
  `.execute(db)
}
