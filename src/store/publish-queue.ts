import { sql, type RawBuilder } from 'kysely'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Annotations } from './columns.ts'
import type { Db } from './database.ts'
import {
  compileQueueCondition,
  queueColumn,
  type QueueCondition,
  type QueueField,
} from './publish-queue-condition.ts'

export type { QueueCondition, QueueField } from './publish-queue-condition.ts'

/**
 * Where a row stands: what became of the item; until that is known, and for a release as a whole, where its
 * deployment stands. `scheduled`: it is requested, and its time has not come.
 */
export type QueueStanding = DeploymentState | 'scheduled' | 'done' | 'left'

/** A deployment of a named release as a whole (position 0), or one item of any deployment (from 1). */
export interface QueueRow {
  deployment_id: string
  /** Of the deployment; with the position it names the row for good. */
  number: number
  position: number
  request_id: string
  environment_id: string
  release_id: string
  release_name: string
  one_shot: boolean
  branch: string | null
  state: DeploymentState
  standing: QueueStanding
  action: 'deploy' | 'publish' | 'unpublish' | 'delete'
  /** Null for a release as a whole. */
  item_key: string | null
  kind: string | null
  /** Of the content type, where the item is an entry and the type is still there. */
  type_title: string | null
  title: string
  /** The version that is to be there; of what is taken away the one that was. */
  version: string | null
  reason: string | null
  /** How many references away from what a bulk job was asked for; 0 unless a request is asked about. */
  depth: number
  requested_by: string | null
  requested_at: Date
  updated_at: Date
  finished_at: Date | null
  due_at: Date | null
  annotations: Annotations
}

export interface QueueFilter {
  project_id: string
  branch: string
  /** Asked for since; as the beginning of an id that was given then. */
  since_id: string
  request_id?: string | undefined
  /** Only to these environments. */
  environment_ids?: readonly string[] | undefined
  /** Items only, without the rows of releases as a whole. */
  items_only?: boolean | undefined
  /** Only what was asked for, without what was reached from it; with a request. */
  asked_only?: boolean | undefined
  where?: QueueCondition | undefined
}

export interface QueuePage {
  limit: number
  offset: number
  /** Newest first when left out. */
  order?: { field: QueueField; direction: 'asc' | 'desc' } | undefined
}

/** One page, newest first unless ordered otherwise. */
export async function listQueueRows(
  db: Db,
  filter: QueueFilter,
  now: Date,
  { limit, offset, order }: QueuePage,
): Promise<QueueRow[]> {
  const byAge = order === undefined || order.field === 'requested_at'
  const down = sql.raw(byAge && order?.direction === 'asc' ? 'asc' : 'desc')
  const rows =
    isPlain(filter) && byAge
      ? pageOf(filter, now, { limit, offset, down })
      : sql`
          select * from (${rowsOf(filter, now)}) q where ${compile(filter)}
          order by ${byAge ? sql`` : sql`${queueColumn(order.field)} ${sql.raw(order.direction)} nulls last,`}
            q.deployment_id ${down}, q.position limit ${limit} offset ${offset}`
  const found = await sql<QueueRow>`
    select q.*, ${typeTitle(filter.project_id)} from (${rows}) q
  `.execute(db)
  return found.rows
}

/**
 * How many rows each deployment has is known without making them: only those that are on the page are made, and only
 * as many deployments looked at as could be before its end.
 */
function pageOf(
  filter: QueueFilter,
  now: Date,
  { limit, offset, down }: { limit: number; offset: number; down: RawBuilder<unknown> },
): RawBuilder<unknown> {
  return sql`
    with counted as materialized (
      select d.id, ${rowCount(filter)} as rows
      from deployment d join release r on r.id = d.release_id join revision v on v.id = d.revision_id
      where ${deploymentsOf(filter)} order by d.id ${down} limit ${limit + offset}
    ), placed as (
      select id, rows, sum(rows) over (order by id ${down}) as upto from counted
    ), chosen as materialized (
      select id, upto - rows as before from placed where upto > ${offset} and upto - rows < ${limit + offset}
    )
    select q.* from (${view(sql`d.id = any(array(select id from chosen))`, now, filter)}) q
    where ${compile(filter)}
    order by q.deployment_id ${down}, q.position
    limit ${limit} offset greatest(${offset} - (select min(before) from chosen), 0)`
}

function isPlain({ where, asked_only }: QueueFilter): boolean {
  return where === undefined && !asked_only
}

/** Of a deployment `d` of the release `r` at the revision `v`. */
function rowCount({ items_only }: QueueFilter): RawBuilder<unknown> {
  return sql`coalesce(cardinality(d.selected_keys), v.item_count)
    + case when r.one_shot or ${items_only ?? false} then 0 else 1 end`
}

/** How many there are. Without a condition no row is made for it. */
export async function countQueueRows(db: Db, filter: QueueFilter, now: Date): Promise<number> {
  const { rows } = isPlain(filter)
    ? await sql<{ total: number }>`
        select coalesce(sum(${rowCount(filter)}), 0)::int8 as total
        from deployment d join release r on r.id = d.release_id join revision v on v.id = d.revision_id
        where ${deploymentsOf(filter)}`.execute(db)
    : await sql<{ total: number }>`
        select count(*) as total from (${rowsOf(filter, now)}) q where ${compile(filter)}`.execute(db)
  return rows[0]!.total
}

/** How many rows of each standing. */
export async function countStandings(
  db: Db,
  filter: QueueFilter,
  now: Date,
): Promise<{ standing: QueueStanding; depth: number; count: number }[]> {
  const { rows } = await sql<{ standing: QueueStanding; depth: number; count: number }>`
    select q.standing, least(q.depth, 1) as depth, count(*) as count
    from (${rowsOf(filter, now)}) q where ${compile(filter)} group by 1, 2 order by 1, 2
  `.execute(db)
  return rows
}

/** The row of this name. */
export async function findQueueRow(
  db: Db,
  {
    project_id,
    since_id,
    number,
    position,
  }: { number: number; position: number } & Pick<QueueFilter, 'project_id' | 'since_id'>,
  now: Date,
): Promise<QueueRow | undefined> {
  const which = sql`d.number = ${number}::int8 and d.project_id = ${project_id} and d.id >= ${since_id}::uuid
    and not d.dry_run`
  const { rows } = await sql<QueueRow>`
    select q.*, ${typeTitle(project_id)} from (${view(which, now)}) q where q.position = ${position}::int
  `.execute(db)
  return rows[0]
}

/** Looked up for the rows of a page only. */
function typeTitle(projectId: string): RawBuilder<unknown> {
  return sql`(select t.title from content_branch b join content_type t on t.branch_id = b.id and t.uid = q.kind
    where b.project_id = ${projectId} and b.uid = split_part(q.item_key, '/', 1)) as type_title`
}

function rowsOf(filter: QueueFilter, now: Date): RawBuilder<unknown> {
  return view(deploymentsOf(filter), now, filter)
}

function deploymentsOf({ project_id, branch, since_id, request_id, environment_ids }: QueueFilter) {
  const tests = [
    sql`d.project_id = ${project_id} and d.id >= ${since_id}::uuid and not d.dry_run`,
    sql`(r.branch is null or r.branch = ${branch})`,
  ]
  if (request_id !== undefined) tests.push(sql`d.request_id = ${request_id}::uuid`)
  if (environment_ids) tests.push(sql`d.environment_id = any(${sql.val(environment_ids)}::uuid[])`)
  return sql.join(tests, sql` and `)
}

/**
 * The rows of deployments. Items are what became of each change; before there is such a record they are the
 * revision's, in the same order, so that a row keeps its position.
 */
function view(
  which: RawBuilder<unknown>,
  now: Date,
  { request_id }: Pick<QueueFilter, 'request_id'> = {},
): RawBuilder<unknown> {
  const standing = sql`case when d.state = 'requested' and d.due_at > ${now}::timestamptz then 'scheduled' else d.state end`
  const depth = (key: RawBuilder<unknown>) =>
    request_id === undefined
      ? sql`0`
      : sql`coalesce((select min(j.depth) from bulk_job_item j
          where j.job_id = d.request_id and j.item_key = ${key}), 0)`
  const taken = sql`case when d.deletes then 'delete' else 'unpublish' end`
  const ofDeployment = sql`d.id as deployment_id, d.number, d.request_id, d.environment_id, d.release_id,
    r.name as release_name, r.one_shot, r.branch, d.state, d.requested_by, d.requested_at, d.finished_at, d.due_at,
    d.annotations, coalesce(d.finished_at, d.started_at, d.queued_at, d.requested_at) as updated_at`
  return sql`
    select ${ofDeployment}, 0 as position, null::text as item_key, null::text as kind, r.name as title,
      'deploy' as action, null::text as version, ${standing} as standing, d.failure_detail as reason, 0 as depth
    from deployment d join release r on r.id = d.release_id
    where not r.one_shot and ${which}
    union all
    select ${ofDeployment}, i.position, i.item_key, i.kind, i.title,
      case when i.after is not null then 'publish' else ${taken} end, coalesce(i.after, i.before), i.outcome,
      coalesce(i.reason, d.failure_detail), ${depth(sql`i.item_key`)}
    from deployment d join release r on r.id = d.release_id
    join deployment_item i on i.deployment_id = d.id
    where ${which}
    union all
    select ${ofDeployment}, i.position, i.key, i.kind, i.title,
      case when i.action <> 'unpublish' then 'publish' else ${taken} end, i.version, ${standing},
      d.failure_detail, ${depth(sql`i.key`)}
    from deployment d join release r on r.id = d.release_id
    cross join lateral (
      select (row_number() over (order by c.ordinal))::int as position, c.*
      from revision v, rows from (jsonb_to_recordset(v.items)
        as (key text, kind text, title text, action text, version text))
        with ordinality as c (key, kind, title, action, version, ordinal)
      where v.id = d.revision_id and (d.selected_keys is null or c.key = any(d.selected_keys))
    ) i
    where not exists (select from deployment_item done where done.deployment_id = d.id) and ${which}`
}

function compile({ where, items_only, asked_only }: QueueFilter): RawBuilder<unknown> {
  const tests = [where ? compileQueueCondition(where) : sql`true`]
  if (items_only) tests.push(sql`q.item_key is not null`)
  if (asked_only) tests.push(sql`q.depth = 0`)
  return sql.join(tests, sql` and `)
}
