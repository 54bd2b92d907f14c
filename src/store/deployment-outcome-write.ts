import { sql } from 'kysely'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'
import type { Stamp } from './deployment-write.ts'

export interface OutcomeRecord {
  deployment_id: string
  attempt: number
  plan_id: string
  /** Where it was: applying, unless it is done at once or reported by its caller. */
  from?: DeploymentState
  to: 'succeeded' | 'partly_succeeded' | 'failed' | 'canceled'
  /** Faults met while applying, beside those that the plan holds. */
  faults: readonly { key: string; code: string; reason: string }[]
  /** What was done although the whole was not. */
  done?: readonly string[]
  /** Whether what was not done may have been half done. */
  uncertain: boolean
  failure_code: string | null
  failure_detail: string | null
  counts: Record<string, number>
}

/**
 * Ends an applying deployment: the result of each change, what is live, the state, the step and the event in one
 * statement. False: the deployment is not ours any more, and nothing was written.
 */
export async function recordOutcome(
  db: Db,
  record: OutcomeRecord,
  { event_id, at, actor }: Stamp,
): Promise<boolean> {
  const failed = record.to === 'failed' || record.to === 'canceled'
  const result = await sql`
    with moved as (
      update deployment set state = ${record.to}, version = version + 1, finished_at = ${at}::timestamptz,
        failure_code = ${record.failure_code}, failure_detail = ${record.failure_detail},
        promotion_due = ${promotes(record)},
        counts = ${JSON.stringify(record.counts)}::jsonb || ${uncertainCount(record)}
      where id = ${record.deployment_id} and state = ${record.from ?? 'applying'} and attempt = ${record.attempt}
      returning id, attempt, project_id, environment_id
    ), change as (
      select c.* from plan p, rows from (jsonb_to_recordset(p.changes)
        as (key text, kind text, title text, action text, before text, after text, fault jsonb, conflict jsonb))
        with ordinality as c (key, kind, title, action, before, after, fault, conflict, position)
      where p.id = ${record.plan_id}::uuid and exists (select from moved)
    ), result as (
      select change.position, change.key, change.kind, change.title, change.action, change.before, change.after,
        change.fault is not null as faulty,
        coalesce(met.code, change.fault ->> 'code', case when change.conflict is not null then 'conflict' end) as code,
        coalesce(met.reason, change.fault ->> 'reason', change.conflict ->> 'reason') as reason,
        case
          when met.code is not null or change.fault is not null then 'failed'
          when change.conflict is not null then 'left'
          when change.action = 'none' then 'unchanged'
          when ${failed}::boolean and not change.key = any(${sql.val(record.done ?? [])}::text[]) then 'left'
          else 'done'
        end as outcome
      from change
      left join jsonb_to_recordset(${JSON.stringify(record.faults)}::jsonb)
        as met (key text, code text, reason text) using (key)
    ), outcome as (
      select result.*, ${record.uncertain}::boolean and outcome in ('left', 'failed') and action <> 'none'
        and not faulty as uncertain
      from result
    ), kept as (
      insert into deployment_item
        (deployment_id, position, item_key, kind, title, action, before, after, outcome, code, reason, uncertain)
      select ${record.deployment_id}::uuid, position, key, kind, title, action, before, after, outcome, code, reason,
        uncertain
      from outcome
    ), lived as (
      insert into live (environment_id, item_key, kind, title, version, uncertain, deployment_id, updated_at)
      select moved.environment_id, key, kind, title,
        case when outcome in ('done', 'unchanged') then after else before end, outcome.uncertain, moved.id, ${at}::timestamptz
      from outcome, moved
      where outcome = 'done' or outcome.uncertain
        or (outcome = 'unchanged' and not ${failed}::boolean and before is distinct from after)
      on conflict (environment_id, item_key) do update set kind = excluded.kind, title = excluded.title,
        version = excluded.version, uncertain = excluded.uncertain, deployment_id = excluded.deployment_id,
        updated_at = excluded.updated_at
    ), done as (
      update deployment_step set finished_at = ${at}::timestamptz, outcome = ${record.to}
      from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'apply'
    ), told as (
      insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
      select ${event_id}::uuid, ${at}::timestamptz, ${`deployment.${record.to}`}, project_id, environment_id, id,
        ${JSON.stringify(actor)}::jsonb, ${record.failure_detail}::text,
        jsonb_build_object('counts', ${JSON.stringify(record.counts)}::jsonb)
      from moved
    )
    select from moved
  `.execute(db)
  return result.rows.length > 0
}

/** What succeeded goes on by itself where an environment after this one wants that; what puts something back does not. */
function promotes({ to, from }: OutcomeRecord) {
  if (to !== 'succeeded' || from === 'canceling') return sql`false`
  return sql`(rolls_back is null and not dry_run and exists (
    select from environment child where child.parent_id = deployment.environment_id and child.auto_promote))`
}

/** How many items a deployment leaves uncertain: what it began, where nobody knows how far it came. */
function uncertainCount({ uncertain, plan_id, to, done = [], faults }: OutcomeRecord) {
  if (!uncertain) return sql`'{}'::jsonb`
  const left = to === 'failed' || to === 'canceled'
  return sql`(
    select jsonb_build_object('uncertain', count(*))
    from plan, jsonb_to_recordset(changes) as c (key text, action text, fault jsonb)
    where plan.id = ${plan_id}::uuid and action <> 'none' and fault is null
      and (key = any(${sql.val(faults.map(({ key }) => key))}::text[])
        or (${left}::boolean and not key = any(${sql.val(done)}::text[]))))`
}
