import { sql, type RawBuilder } from 'kysely'
import type { Finding } from '#domain/blueprint.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Annotations } from './columns.ts'
import type { Db } from './database.ts'

/**
 * Which part of a deployment is told: all of it; or, of one whose plan was agreed to, what was asked for until then, and
 * what was done from then on.
 */
export type Part = 'whole' | 'asked' | 'done'

/** What a word for how far a release is follows from. */
export interface Standing {
  state: DeploymentState
  part: Part
  /** It took too long. */
  timed_out: boolean
  /** Nothing is before it, where it waits for its turn. */
  next: boolean
}

/** A release of infrastructure as those are told who follow it from outside. */
export interface ToldRelease extends Standing {
  id: string
  project_id: string
  environment_id: string
  release_id: string
  plan_id: string | null
  deploys_plan: string | null
  rolls_back: string | null
  selected_keys: string[] | null
  refresh: boolean
  allow_destroy: boolean
  forced: boolean
  dry_run: boolean
  deletes: boolean
  trace_id: string | null
  source_commit: string | null
  reason: string | null
  annotations: Annotations
  failure_code: string | null
  failure_detail: string | null
  counts: Record<string, number>
  signed_off: boolean
  when_busy: 'wait' | 'refuse'
  /** The e-mail address of whose it is, or else the name of the token; null for what came by itself. */
  requested_by: string | null
  /** Who spoke about its plan last, and when. */
  reviewed_by: string | null
  reviewed_at: Date | null
  approval_reason: string | null
  blueprint_digest: string | null
  findings: Finding[] | null
  requested_at: Date
  started_at: Date | null
  finished_at: Date | null
}

/** How a release was asked for: by what its annotation says, else by what it is. */
export interface AskedAs {
  annotation: string
  value: string
  /** What one without the annotation is like; null: only those that have it. */
  shape: { dry_run: boolean; selected: boolean; deletes: boolean } | null
}

export interface ReleaseFilter {
  environment_id: string
  ids?: readonly string[]
  /** Any of these. */
  standings?: readonly Standing[]
  asked_as?: readonly AskedAs[]
  signed_off?: boolean
  /** The e-mail address of whose it is, or the name of the token, in any case; null: what came by itself. */
  requested_by?: string | null
  from?: Date
  to?: Date
  trace_id?: string
  /** With something done to an item of this title. */
  did?: string
}

const agreed = sql`exists (select from approval a join plan p on p.digest = a.plan_digest
  where a.deployment_id = d.id and p.id = d.plan_id and a.verdict = 'approved')
  and (d.state in ('applying', 'canceling', 'succeeded', 'partly_succeeded', 'failed')
    or exists (select from deployment_step s where s.deployment_id = d.id and s.name = 'apply'))`

const isNext = sql`d.state <> 'queued' or not exists (select from deployment o
  where o.environment_id = d.environment_id and o.id <> d.id and o.driver <> 'caller'
    and (o.state in ('planning', 'awaiting_approval', 'applying', 'canceling')
      or o.state = 'queued' and o.turn < d.turn))`

/** Every deployment once, or twice where its plan was agreed to; newest first when ordered by `d.id`, then `done`. */
const parts = sql`deployment d
  cross join lateral (select ${agreed} as agreed) asked
  cross join lateral (values (false), (true)) half (done)
  left join "user" u on u.id = d.requested_by
  left join token t on t.id = d.requested_by_token`

const part = sql`case when half.done then 'done' when asked.agreed then 'asked' else 'whole' end`
const timedOut = sql`coalesce(d.failure_code = 'timed_out', false)`
const requester = sql`case when half.done then null else coalesce(u.email, t.name) end`

/** A page of them, newest first; the half that was done comes before the half that was asked for. */
export async function listToldReleases(
  db: Db,
  filter: ReleaseFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<ToldRelease[]> {
  const { rows } = await sql<ToldRelease>`
    select d.id, d.project_id, d.environment_id, d.release_id, d.plan_id, d.deploys_plan, d.rolls_back, d.selected_keys,
      d.refresh, d.allow_destroy, d.forced, d.dry_run, d.deletes, d.trace_id, d.source_commit, d.reason, d.annotations,
      d.failure_code, d.failure_detail, d.counts, d.signed_off_at is not null as signed_off, d.when_busy, d.state,
      ${part} as part, ${timedOut} as timed_out, ${isNext} as next, ${requester} as requested_by,
      voice.email as reviewed_by, voice.at as reviewed_at, plan.approval_reason, snapshot.blueprint_digest,
      case when d.state = 'invalid' or snapshot.findings <> '[]' then snapshot.findings end as findings,
      d.requested_at, d.started_at, d.finished_at
    from ${parts}
    left join plan on plan.id = d.plan_id
    left join infra_snapshot snapshot on snapshot.revision_id = d.revision_id
    left join lateral (select v.email, a.at from approval a join "user" v on v.id = a.user_id
      where a.deployment_id = d.id order by a.at desc, a.user_id limit 1) voice on true
    where ${matching(filter)}
    order by d.id desc, half.done desc limit ${limit} offset ${offset}
  `.execute(db)
  return rows
}

export async function countToldReleases(db: Db, filter: ReleaseFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${parts} where ${matching(filter)}
  `.execute(db)
  return rows[0]!.count
}

export interface ReleaseCount extends Standing {
  /** The day in UTC: 2026-11-21. */
  day: string
  count: number
}

/** How many there were on each day since a time, by how they stand. */
export async function countReleasesByDay(
  db: Db,
  filter: ReleaseFilter & { from: Date },
): Promise<ReleaseCount[]> {
  const { rows } = await sql<ReleaseCount>`
    select to_char(d.requested_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.state, ${part} as part,
      ${timedOut} as timed_out, ${isNext} as next, count(*) as count
    from ${parts} where ${matching(filter)}
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  `.execute(db)
  return rows
}

function matching(filter: ReleaseFilter): RawBuilder<unknown> {
  const all = [sql`d.environment_id = ${filter.environment_id}::uuid and (not half.done or asked.agreed)`]
  const { ids, standings, asked_as, signed_off, requested_by, from, to, trace_id, did } = filter
  if (ids) all.push(sql`d.id = any(${sql.val(ids)}::uuid[])`)
  if (standings)
    all.push(sql`exists (select from jsonb_to_recordset(${JSON.stringify(standings)}::jsonb)
      as s (state text, part text, timed_out boolean, next boolean)
      where s.state = d.state and s.part = ${part} and s.timed_out = ${timedOut} and s.next = (${isNext}))`)
  if (asked_as) all.push(sql`(${sql.join(asked_as.map(askedAs), sql` or `)})`)
  if (signed_off !== undefined) all.push(sql`(d.signed_off_at is not null) = ${signed_off}::boolean`)
  if (requested_by === null) all.push(sql`${requester} is null`)
  else if (requested_by !== undefined) all.push(sql`lower(${requester}) = ${requested_by.toLowerCase()}`)
  if (from) all.push(sql`d.requested_at >= ${from}::timestamptz`)
  if (to) all.push(sql`d.requested_at <= ${to}::timestamptz`)
  if (trace_id !== undefined) all.push(sql`d.trace_id = ${trace_id}`)
  if (did !== undefined)
    all.push(sql`exists (select from deployment_item i where i.deployment_id = d.id and i.title = ${did}
      and i.outcome = 'done')`)
  return sql.join(all, sql` and `)
}

function askedAs({ annotation, value, shape }: AskedAs): RawBuilder<unknown> {
  const noted = sql`d.annotations ->> ${annotation}::text`
  if (shape === null) return sql`${noted} = ${value}`
  return sql`(${noted} = ${value} or ${noted} is null and d.dry_run = ${shape.dry_run}::boolean
    and (d.selected_keys is not null) = ${shape.selected}::boolean and d.deletes = ${shape.deletes}::boolean)`
}
