import { sql } from 'kysely'
import { finalStates, runningStates, type DeploymentState } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'

/** Whether the release was ever deployed (anything but refused, missed, canceled or only planned). */
export async function findDeployedState(db: Db, releaseId: string): Promise<DeploymentState | undefined> {
  const row = await db
    .selectFrom('deployment')
    .select('state')
    .where('release_id', '=', releaseId)
    .where('dry_run', '=', false)
    .where('state', 'not in', ['invalid', 'expired', 'canceled', 'rejected', 'planned'])
    .limit(1)
    .executeTakeFirst()
  return row?.state
}

/** Whether the release has any deployment at all, dry runs and refused ones included. */
export async function findAnyDeployment(db: Db, releaseId: string): Promise<boolean> {
  const query = db.selectFrom('deployment').select('id').where('release_id', '=', releaseId).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** Whether a deployment of the release waits for its time. */
export async function findScheduled(db: Db, releaseId: string, now: Date): Promise<boolean> {
  const query = db
    .selectFrom('deployment')
    .select('id')
    .where('release_id', '=', releaseId)
    .where('state', '=', 'requested')
    .where('due_at', '>', now)
    .where('dry_run', '=', false)
    .limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** Its deployments that are not over, scheduled ones included. */
export function listUnfinishedDeployments(db: Db, releaseId: string): Promise<DeploymentRow[]> {
  return db
    .selectFrom('deployment')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('state', 'not in', finalStates)
    .orderBy('id')
    .execute()
}

export interface ReleaseDeployment {
  release_id: string
  environment_id: string
  deployment_id: string
  request_id: string
  state: DeploymentState
  finished_at: Date
  requested_by: string | null
}

/** The newest deployment that has ended, per release and environment, in the order in which they ended. */
export async function listReleaseDeployments(
  db: Db,
  projectId: string,
  releaseIds: readonly string[],
): Promise<ReleaseDeployment[]> {
  const result = await sql<ReleaseDeployment>`
    select * from (
      select distinct on (release_id, environment_id) release_id, environment_id, id as deployment_id, request_id,
        state, finished_at, requested_by
      from deployment
      where release_id = any(${sql.val(releaseIds)}::uuid[]) and project_id = ${projectId} and not dry_run
        and state in ('succeeded', 'partly_succeeded', 'failed', 'unchanged')
      order by release_id, environment_id, finished_at desc, id desc
    ) newest
    order by finished_at, deployment_id
  `.execute(db)
  return result.rows
}

/** Of these releases those of which a deployment is not over, scheduled ones included. */
export async function listReleasesUnderway(db: Db, releaseIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('deployment')
    .select('release_id')
    .distinct()
    .where('release_id', '=', sql<string>`any(${sql.val(releaseIds)}::uuid[])`)
    .where('dry_run', '=', false)
    .where('state', 'in', ['requested', 'queued', ...runningStates])
    .execute()
  return rows.map((row) => row.release_id)
}
