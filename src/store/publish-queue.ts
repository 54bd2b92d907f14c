import { sql, type RawBuilder } from 'kysely'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Annotations } from './columns.ts'
import type { Db } from './database.ts'

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

const fields = {
  type: sql`case when q.item_key is null then 'release' when q.kind = 'asset' then 'asset' else 'entry' end`,
  action: sql`q.action`,
  standing: sql`q.standing`,
  kind: sql`q.kind`,
  uid: sql`coalesce(split_part(q.item_key, '/', 2), q.release_id::text)`,
  release_id: sql`q.release_id::text`,
  title: sql`q.title`,
  locale: sql`split_part(q.item_key, '/', 3)`,
  version: sql`split_part(q.version, '@', 1)`,
  environment_id: sql`q.environment_id::text`,
  request_id: sql`q.request_id::text`,
  requested_by: sql`q.requested_by::text`,
  requested_at: sql`q.requested_at`,
  updated_at: sql`q.updated_at`,
  finished_at: sql`q.finished_at`,
  due_at: sql`q.due_at`,
} satisfies Record<string, RawBuilder<unknown>>

export type QueueField = keyof typeof fields

/** Of times, compared as dates; everything else as text. */
const times: readonly QueueField[] = ['requested_at', 'updated_at', 'finished_at', 'due_at']

const signs = { less: '<', at_most: '<=', more: '>', at_least: '>=' } as const

export type QueueCondition =
  | { all: readonly QueueCondition[] }
  | { any: readonly QueueCondition[] }
  | { not: QueueCondition }
  | { field: QueueField; among: readonly (string | null)[] }
  | { field: QueueField; is: keyof typeof signs; value: string }

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
  const down = order?.field === 'requested_at' && order.direction === 'asc' ? sql`asc` : sql`desc`
  const first =
    order && order.field !== 'requested_at'
      ? sql`${fields[order.field]} ${sql.raw(order.direction)} nulls last,`
      : sql``
  const { rows } = await sql<QueueRow>`
    select q.*, ${typeTitle(filter.project_id)} from (${rowsOf(filter, now)}) q where ${compile(filter)}
    order by ${first} q.deployment_id ${down}, q.position limit ${limit} offset ${offset}
  `.execute(db)
  return rows
}

/** How many there are. Without a condition no row is made for it. */
export async function countQueueRows(db: Db, filter: QueueFilter, now: Date): Promise<number> {
  const plain = !filter.where && !filter.asked_only
  const { rows } = plain
    ? await sql<{ total: number }>`
        select coalesce(sum(coalesce(cardinality(d.selected_keys), v.item_count)
          + case when r.one_shot or ${filter.items_only ?? false} then 0 else 1 end), 0)::int8 as total
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
  return view(deploymentsOf(filter), now, filter.request_id !== undefined)
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
function view(which: RawBuilder<unknown>, now: Date, withDepth = false): RawBuilder<unknown> {
  const depth = withDepth
    ? sql`coalesce((select min(j.depth) from bulk_job_item j
        where j.job_id = d.request_id and j.item_key = i.item_key), 0)`
    : sql`0`
  const standing = sql`case when d.state = 'requested' and d.due_at > ${now}::timestamptz then 'scheduled' else d.state end`
  const action = (gone: RawBuilder<unknown>) =>
    sql`case when not ${gone} then 'publish' when d.deletes then 'delete' else 'unpublish' end`
  return sql`
    select d.id as deployment_id, d.number, i.position, d.request_id, d.environment_id, d.release_id,
      r.name as release_name, r.one_shot, r.branch, d.state, coalesce(i.outcome, ${standing}) as standing, i.action,
      i.item_key, i.kind, i.title, i.version, coalesce(i.reason, d.failure_detail) as reason, ${depth} as depth,
      d.requested_by, d.requested_at, d.finished_at, d.due_at, d.annotations,
      coalesce(d.finished_at, d.started_at, d.queued_at, d.requested_at) as updated_at
    from deployment d
    join release r on r.id = d.release_id
    cross join lateral (
      select 0 as position, null::text as item_key, null::text as kind, r.name as title, 'deploy' as action,
        null::text as version, null::text as outcome, null::text as reason
      where not r.one_shot
      union all
      select done.position, done.item_key, done.kind, done.title, ${action(sql`(done.after is null)`)},
        coalesce(done.after, done.before), done.outcome, done.reason
      from deployment_item done where done.deployment_id = d.id
      union all
      select pinned.position, pinned.key, pinned.kind, pinned.title, ${action(sql`(pinned.action = 'unpublish')`)},
        pinned.version, null, null
      from (
        select (row_number() over (order by c.ordinal))::int as position, c.*
        from revision v, rows from (jsonb_to_recordset(v.items)
          as (key text, kind text, title text, action text, version text))
          with ordinality as c (key, kind, title, action, version, ordinal)
        where v.id = d.revision_id and (d.selected_keys is null or c.key = any(d.selected_keys))
      ) pinned
      where not exists (select from deployment_item done where done.deployment_id = d.id)
    ) i
    where ${which}`
}

function compile({ where, items_only, asked_only }: QueueFilter): RawBuilder<unknown> {
  const tests = [where ? compileCondition(where) : sql`true`]
  if (items_only) tests.push(sql`q.item_key is not null`)
  if (asked_only) tests.push(sql`q.depth = 0`)
  return sql.join(tests, sql` and `)
}

function compileCondition(condition: QueueCondition): RawBuilder<unknown> {
  if ('all' in condition) return joined(condition.all, sql` and `, sql`true`)
  if ('any' in condition) return joined(condition.any, sql` or `, sql`false`)
  if ('not' in condition) return sql`not coalesce(${compileCondition(condition.not)}, false)`
  const column = fields[condition.field]
  const type = times.includes(condition.field) ? sql`timestamptz` : sql`text`
  if ('is' in condition) return sql`${column} ${sql.raw(signs[condition.is])} ${condition.value}::${type}`
  const known = condition.among.filter((value) => value !== null)
  const found = sql`${column} = any(${sql.val(known)}::${type}[])`
  return condition.among.includes(null) ? sql`(${column} is null or ${found})` : found
}

function joined(parts: readonly QueueCondition[], word: RawBuilder<unknown>, empty: RawBuilder<unknown>) {
  return parts.length === 0 ? empty : sql`(${sql.join(parts.map(compileCondition), word)})`
}
