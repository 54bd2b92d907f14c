import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * The keys at which a stored plan is not true of its environment any more: something is live there that is not its
 * `before`, or became uncertain where it changes nothing, or, for a whole state, came since. A few are enough to
 * tell, so that at most 100 come back.
 */
export async function listStaleKeys(db: Db, planId: string, environmentId: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    with made as (
      select plan.changes, revision.scope = 'whole_state' and maker.selected_keys is null as whole
      from plan join revision on revision.id = plan.revision_id
      left join deployment maker on maker.id = plan.deployment_id
      where plan.id = ${planId}
    ), change as materialized (
      select c.key, c.action, c.before
      from made, jsonb_to_recordset(made.changes) as c (key text, action text, before text)
    )
    select key from (
      select change.key from change
      left join live now on now.environment_id = ${environmentId} and now.item_key = change.key
      where now.version is distinct from change.before or (now.uncertain and change.action = 'none')
      union all
      select now.item_key from live now, made
      where now.environment_id = ${environmentId} and made.whole and (now.version is not null or now.uncertain)
        and not exists (select from change where change.key = now.item_key)
    ) stale limit 100
  `.execute(db)
  return rows.map(({ key }) => key)
}
