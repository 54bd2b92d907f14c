import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Of what a deployment was to change nobody knows how far it came: it is uncertain in its environment, until it is done. */
export async function markUncertain(
  db: Db,
  { id, plan_id, at }: { id: string; plan_id: string; at: Date },
): Promise<void> {
  await sql`
    insert into live (environment_id, item_key, kind, title, version, uncertain, deployment_id, updated_at)
    select plan.environment_id, key, kind, title, before, true, ${id}::uuid, ${at}::timestamptz
    from plan, jsonb_to_recordset(plan.changes)
      as change (key text, kind text, title text, action text, before text, fault jsonb, conflict jsonb)
    where plan.id = ${plan_id} and action <> 'none' and fault is null and conflict is null
    on conflict (environment_id, item_key) do update set uncertain = true, deployment_id = excluded.deployment_id,
      updated_at = excluded.updated_at
  `.execute(db)
}
