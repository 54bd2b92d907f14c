import { sql } from 'kysely'
import type { Effect } from '#domain/effect.ts'
import type { Change } from '#domain/plan.ts'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import { guarded } from './deployment-guard.ts'
import type { Stamp } from './deployment-write.ts'

/** What only a plan has that was made outside. */
export interface OutsideRecord {
  effects: readonly Effect[]
  kept: JsonObject | null
  approvals_needed: number
  approval_reason: string | null
}

export interface PlanRecord {
  deployment_id: string
  attempt: number
  plan_id: string
  /** It is the stored plan that the deployment has to apply, and is not stored again. */
  stored: boolean
  digest: string
  changes: readonly Change[]
  /** Where planning leads: applying, or an end. */
  to: 'applying' | 'awaiting_approval' | 'planned' | 'unchanged'
  /** Whether its gates have been asked. If not, it only goes on to applying where nothing keeps guard. */
  cleared: boolean
  counts: Record<string, number>
  made?: OutsideRecord
}

/**
 * Stores the plan and moves its deployment on, in one statement. Where nothing is to be done, what is live under another
 * version all the same is there under the new one from then on. False: the deployment is not ours any more, or its gates
 * have to be asked first.
 */
export async function recordPlan(
  db: Db,
  record: PlanRecord,
  { event_id, at, actor }: Stamp,
): Promise<boolean> {
  const ends = record.to === 'planned' || record.to === 'unchanged'
  const applies = record.to === 'applying'
  const free =
    applies && !record.cleared
      ? sql`not ${guarded(at)} and not exists (select from environment asking
          where asking.id = deployment.environment_id and asking.approvals_needed > 0)`
      : sql`true`
  const waits = sql`(select ${at}::timestamptz + make_interval(secs => approval_timeout_seconds) from environment
    where environment.id = deployment.environment_id)`
  const { made } = record
  const renamed = record.to === 'unchanged' ? record.changes.filter(isRenamed) : []
  const result = await sql`
    with moved as (
      update deployment set state = ${record.to}, plan_id = ${record.plan_id}::uuid, version = version + 1,
        counts = ${JSON.stringify(record.counts)}::jsonb,
        finished_at = case when ${ends}::boolean then ${at}::timestamptz end,
        approval_expires_at = ${record.to === 'awaiting_approval' ? waits : sql`null`}
      where id = ${record.deployment_id} and state = 'planning' and attempt = ${record.attempt} and ${free}
      returning id, attempt, project_id, environment_id, revision_id
    ), stored as (
      insert into plan (id, environment_id, revision_id, deployment_id, digest, changes, created_at
        ${made ? sql`, kept, approvals_needed, approval_reason` : sql``})
      select ${record.plan_id}::uuid, environment_id, revision_id, id, ${record.digest},
        ${record.stored ? '[]' : JSON.stringify(record.changes)}::jsonb, ${at}::timestamptz
        ${made ? sql`, ${jsonOf(made.kept)}::jsonb, ${made.approvals_needed}::int, ${made.approval_reason}::text` : sql``}
      from moved where not ${record.stored}::boolean
    ), ${effectsOf(record)} ${livedOf(renamed, at)} done as (
      update deployment_step set finished_at = ${at}::timestamptz, outcome = ${record.to}
      from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'plan'
    ), next as (
      insert into deployment_step (deployment_id, attempt, name, started_at)
      select id, attempt, 'apply', ${at}::timestamptz from moved where ${applies}::boolean
    ), told as (
      insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
      select ${event_id}::uuid, ${at}::timestamptz, ${`deployment.${applies ? 'planned' : record.to}`}, project_id,
        environment_id, id, ${JSON.stringify(actor)}::jsonb,
        jsonb_build_object('plan_digest', ${record.digest}::text, 'counts', ${JSON.stringify(record.counts)}::jsonb)
      from moved
    )
    select from moved
  `.execute(db)
  return result.rows.length > 0
}

const jsonOf = (value: JsonObject | null) => (value === null ? null : JSON.stringify(value))

/** It is there under a version that it had not before, and nothing is to be done for that. */
function isRenamed({ action, before, after, fault, conflict }: Change): boolean {
  return action === 'none' && before !== after && !fault && !conflict
}

function effectsOf({ made, stored, plan_id }: PlanRecord) {
  if (!made || stored || made.effects.length === 0) return sql``
  return sql`effect as (
      insert into plan_effect (plan_id, position, item_key, address, action, attributes)
      select ${plan_id}::uuid, e.position, e.item_key, e.address, e.action, e.attributes
      from moved, rows from (jsonb_to_recordset(${JSON.stringify(made.effects)}::jsonb)
        as (item_key text, address text, action text, attributes jsonb))
        with ordinality as e (item_key, address, action, attributes, position)
    ),`
}

function livedOf(renamed: readonly Change[], at: Date) {
  if (renamed.length === 0) return sql``
  return sql`lived as (
      insert into live (environment_id, item_key, kind, title, version, uncertain, deployment_id, updated_at)
      select moved.environment_id, key, kind, title, after, false, moved.id, ${at}::timestamptz
      from moved, jsonb_to_recordset(${JSON.stringify(renamed)}::jsonb)
        as change (key text, kind text, title text, after text)
      on conflict (environment_id, item_key) do update set kind = excluded.kind, title = excluded.title,
        version = excluded.version, deployment_id = excluded.deployment_id, updated_at = excluded.updated_at
    ),`
}
