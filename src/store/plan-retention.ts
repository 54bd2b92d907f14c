import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * Lets go of what was kept to carry out plans whose deployments were over before a time, so many at most; the plans
 * themselves stay. One that is to be deployed by a deployment that is not over is not among them. Answers the blobs.
 */
export async function forgetKeptPlans(db: Db, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ blob: string }>`
    with old as (
      select plan.id, plan.kept ->> 'blob' as blob from plan join deployment on deployment.id = plan.deployment_id
      where plan.kept ? 'blob' and deployment.finished_at < ${before}
        and not exists (
          select from deployment later where later.deploys_plan = plan.id and later.finished_at is null)
      limit ${most} for update of plan
    )
    update plan set kept = null from old where plan.id = old.id returning old.blob
  `.execute(db)
  return rows.map(({ blob }) => blob)
}
