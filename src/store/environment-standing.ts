import { sql } from 'kysely'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Annotations } from './columns.ts'
import type { Db } from './database.ts'

/** What there is in an environment, and what was done there last. */
export interface EnvironmentStanding {
  environment_id: string
  /** Whether anything is live. */
  live: boolean
  /** Of the newest that does, or did, or may have done something there. */
  last_id: string | null
  last_state: DeploymentState | null
  last_deletes: boolean | null
  last_selected: boolean | null
  last_annotations: Annotations | null
  last_requested_at: Date | null
}

/** Of each of these environments, in one statement. */
export async function listEnvironmentStandings(
  db: Db,
  environmentIds: readonly string[],
): Promise<EnvironmentStanding[]> {
  const { rows } = await sql<EnvironmentStanding>`
    select e.id as environment_id, last.id as last_id, last.state as last_state, last.deletes as last_deletes,
      last.selected_keys is not null as last_selected, last.annotations as last_annotations,
      last.requested_at as last_requested_at,
      exists (select from live where live.environment_id = e.id and live.version is not null) as live
    from environment e
    left join lateral (select d.id, d.state, d.deletes, d.selected_keys, d.annotations, d.requested_at from deployment d
      where d.environment_id = e.id and not d.dry_run
        and d.state in ('planning', 'awaiting_approval', 'applying', 'canceling', 'succeeded', 'partly_succeeded',
          'failed', 'canceled')
      order by d.id desc limit 1) last on true
    where e.id = any(${sql.val(environmentIds)}::uuid[])
  `.execute(db)
  return rows
}
