import { sql } from 'kysely'
import type { Db } from './database.ts'

/** How durations spread, in seconds; null where there is none. */
export interface Spread {
  count: number
  median: number | null
  p90: number | null
}

/** What one stretch of time is measured by. Without a bucket it is all of it. */
export interface InsightRow {
  /** Which of the buckets asked for, from 1. */
  bucket: number | null
  /** Deployments that changed something, or failed to. */
  deployments: number
  succeeded: number
  rollbacks: number
  /** Of those that are no rollbacks. */
  failed: number
  unplanned: number
  lead_count: number
  lead_median: number | null
  lead_p90: number | null
  restore_count: number
  restore_median: number | null
  restore_p90: number | null
  /** Failed, and nothing has succeeded there since. */
  unrestored: number
}

export interface InsightQuestion {
  /** Null: of every project. */
  project_ids: readonly string[] | null
  environment_id?: string
  environment_ids: readonly string[] | null
  branches: readonly string[] | null
  from: Date
  to: Date
  /** When each bucket begins, in order. Days are counted by the domain: the store may know other time zones. */
  begins: readonly Date[]
}

/**
 * The measures of every bucket, and of all of them, computed in one statement from the deployments that ended in that
 * time. Dry runs, unchanged and canceled ones are none of them.
 */
export async function measureDeployments(db: Db, asked: InsightQuestion): Promise<InsightRow[]> {
  const { project_ids, environment_id, environment_ids, branches, from, to, begins } = asked
  const { rows } = await sql<InsightRow>`
    with ended as (
      select d.id, d.environment_id, d.state, d.finished_at, d.rolls_back,
        width_bucket(d.finished_at, ${begins.map((at) => at.toISOString())}::timestamptz[]) as bucket,
        d.state <> 'succeeded' or exists (
          select from deployment r
          where r.rolls_back = d.id and r.state in ('succeeded', 'partly_succeeded')) as bad,
        d.rolls_back is not null or d.retries is not null
          or exists (select from gate_override o where o.deployment_id = d.id) as unplanned,
        case when d.state <> 'failed' and d.rolls_back is null then extract(epoch from d.finished_at
          - case when v.scope = 'change_set' then l.created_at else v.created_at end) end as lead
      from deployment d
      join release l on l.id = d.release_id
      join revision v on v.id = d.revision_id
      where d.finished_at >= ${from}::timestamptz and d.finished_at < ${to}::timestamptz
        and d.state in ('succeeded', 'partly_succeeded', 'failed') and not d.dry_run
        and (${project_ids}::uuid[] is null or d.project_id = any(${project_ids}::uuid[]))
        and (${environment_id ?? null}::uuid is null or d.environment_id = ${environment_id ?? null}::uuid)
        and (${environment_ids}::uuid[] is null or d.environment_id = any(${environment_ids}::uuid[]))
        and (${branches}::text[] is null or l.branch is null or l.branch = any(${branches}::text[]))
    ), measured as (
      select e.*, e.bad and e.rolls_back is null as broke, back.finished_at as restored_at
      from ended e
      left join lateral (
        select n.finished_at from deployment n
        where e.bad and e.rolls_back is null and n.environment_id = e.environment_id and n.state = 'succeeded'
          and not n.dry_run and n.finished_at > e.finished_at
        order by n.finished_at limit 1) back on true
    )
    select bucket, count(*) as deployments,
      count(*) filter (where state in ('succeeded', 'partly_succeeded')) as succeeded,
      count(*) filter (where rolls_back is not null) as rollbacks,
      count(*) filter (where broke) as failed,
      count(*) filter (where unplanned) as unplanned,
      count(lead) as lead_count,
      percentile_cont(0.5) within group (order by lead) as lead_median,
      percentile_cont(0.9) within group (order by lead) as lead_p90,
      count(restored_at) as restore_count,
      percentile_cont(0.5) within group (order by extract(epoch from restored_at - finished_at)) as restore_median,
      percentile_cont(0.9) within group (order by extract(epoch from restored_at - finished_at)) as restore_p90,
      count(*) filter (where broke and restored_at is null) as unrestored
    from measured group by grouping sets ((), (bucket)) order by bucket nulls first
  `.execute(db)
  return rows
}
