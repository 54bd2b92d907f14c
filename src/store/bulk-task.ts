import { sql, type RawBuilder } from 'kysely'
import { standingOfState, type JobStanding } from '#domain/bulk-job.ts'
import { states } from '#domain/lifecycle.ts'
import type { BulkJobItemRow } from './bulk-job-item.ts'
import type { BulkJobRow } from './bulk-job.ts'
import type { Db } from './database.ts'

/** An item of a job, with what its job says. */
export type BulkTaskRow = BulkJobItemRow &
  Pick<BulkJobRow, 'created_at' | 'requested_by' | 'release_id'> & {
    job_kind: BulkJobRow['kind']
    standing: JobStanding
    updated_at: Date
  }

export interface BulkTaskFilter {
  project_id: string
  branch: string
  /** Ids of jobs that were asked for since then. */
  since_id: string
  from?: Date | undefined
  /** Before then. */
  to?: Date | undefined
  requested_by?: readonly string[] | undefined
  standings?: readonly JobStanding[] | undefined
}

const orders = {
  created_at: sql`t.created_at`,
  updated_at: sql`t.updated_at`,
  status: sql`t.standing`,
  created_by: sql`t.requested_by`,
  action: sql`t.action`,
} satisfies Record<string, RawBuilder<unknown>>

export type BulkTaskOrder = keyof typeof orders
export const bulkTaskOrders = Object.keys(orders) as BulkTaskOrder[]

/** Items of all jobs, those of the newest first unless ordered otherwise, and how many there are where that is asked. */
export async function listBulkTasks(
  db: Db,
  filter: BulkTaskFilter,
  page: {
    limit: number
    offset: number
    order?: { field: BulkTaskOrder; direction: 'asc' | 'desc' } | undefined
    with_total: boolean
  },
): Promise<{ items: BulkTaskRow[]; total?: number }> {
  const { limit, offset, order, with_total } = page
  const down = sql.raw(order?.field === 'created_at' ? order.direction : 'desc')
  const first =
    order && order.field !== 'created_at'
      ? sql`${orders[order.field]} ${sql.raw(order.direction)} nulls last,`
      : sql``
  const { rows } = await sql<BulkTaskRow>`
    select t.* from (${tasks(filter)}) t where ${wanted(filter)}
    order by ${first} t.job_id ${down}, t.position limit ${limit} offset ${offset}
  `.execute(db)
  if (!with_total) return { items: rows }
  const counted = await sql<{ total: number }>`
    select count(*) as total from (${tasks(filter)}) t where ${wanted(filter)}`.execute(db)
  return { items: rows, total: counted.rows[0]!.total }
}

/** How far the deployments of a request are, together; undefined where there are none. */
export async function findStanding(db: Db, requestId: string): Promise<JobStanding | undefined> {
  const { rows } = await sql<{ standing: JobStanding | null }>`
    select ${standing} as standing from deployment d where d.request_id = ${requestId}::uuid and not d.dry_run
  `.execute(db)
  return rows[0]?.standing ?? undefined
}

function tasks(filter: BulkTaskFilter): RawBuilder<unknown> {
  const { project_id, branch, since_id, from, to, requested_by } = filter
  const tests = [sql`j.project_id = ${project_id} and j.branch = ${branch} and j.id >= ${since_id}::uuid`]
  if (from) tests.push(sql`j.created_at >= ${from}`)
  if (to) tests.push(sql`j.created_at < ${to}`)
  if (requested_by) tests.push(sql`j.requested_by = any(${sql.val(requested_by)}::uuid[])`)
  return sql`
    select i.*, j.created_at, j.requested_by, j.release_id, j.kind as job_kind,
      coalesce(s.finished_at, j.created_at) as updated_at,
      case i.outcome when 'failed' then 'failed' when 'done' then 'done' when 'unchanged' then 'done'
        else coalesce(s.standing, 'done') end as standing
    from bulk_job j
    left join lateral (
      select ${standing} as standing, max(d.finished_at) as finished_at from deployment d where d.request_id = j.id
    ) s on j.kind in ('publish', 'unpublish')
    join bulk_job_item i on i.job_id = j.id
    where ${sql.join(tests, sql` and `)}`
}

function wanted({ standings }: BulkTaskFilter): RawBuilder<unknown> {
  return standings ? sql`t.standing = any(${sql.val(standings)}::text[])` : sql`true`
}

/** Over the deployments `d` of a request: the least far is what counts, until all are over. */
const standing = sql`
  case when bool_or(${isAny('running')}) then 'running' when bool_or(${isAny('queued')}) then 'queued'
    when bool_or(${isAny('waiting')}) then 'waiting' when bool_and(${isAny('done')}) then 'done'
    when bool_and(${isAny('failed')}) then 'failed' when count(*) > 0 then 'partly' end`

function isAny(wantedStanding: JobStanding): RawBuilder<unknown> {
  const those = states.filter((state) => standingOfState[state] === wantedStanding)
  return sql`d.state = any(${sql.val(those)}::text[])`
}
