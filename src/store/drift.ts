import { sql, type Generated, type Selectable } from 'kysely'
import type { DriftedThing } from '#domain/effect.ts'
import type { LiveItem } from '#domain/item.ts'
import type { JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

/** What was found when somebody looked whether an environment is as it was left. */
export interface DriftTable {
  id: string
  environment_id: string
  run_id: string | null
  /** A release that put back what had drifted. */
  deployment_id: string | null
  /** `skipped`: nothing can be said, since a deployment was at it meanwhile. */
  outcome: 'clean' | 'drifted' | 'failed' | 'skipped'
  items: JsonColumnWithDefault<DriftedThing[]>
  /** Things that drifted and are not ignored, and those that are. */
  drifted: Generated<number>
  ignored: Generated<number>
  /** The state that was compared with. */
  state_version: number | null
  detail: string | null
  created_at: Date
}

export type DriftRow = Selectable<DriftTable>

export async function insertDrift(db: Db, { items, ...row }: DriftRow): Promise<void> {
  await db
    .insertInto('drift')
    .values({ ...row, items: JSON.stringify(items) })
    .execute()
}

/** The newest that says something. */
export function findSaidDrift(db: Db, environmentId: string): Promise<DriftRow | undefined> {
  return db
    .selectFrom('drift')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('outcome', 'in', ['clean', 'drifted'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Newest first, after `before`. */
export function listDrift(
  db: Db,
  environmentId: string,
  page: { limit: number; before?: string | undefined },
): Promise<DriftRow[]> {
  let query = db
    .selectFrom('drift')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.execute()
}

/** How an environment of infrastructure stands. */
export interface DriftStanding {
  environment_id: string
  environment_name: string
  project_id: string
  project_key: string
  cron: string | null
  time_zone: string | null
  next_at: Date | null
  /** Of its state now; null where there is none. */
  now_version: number | null
  /** The newest check that says something; all null where there is none. */
  said_id: string | null
  items: DriftedThing[] | null
  /** How many things it found; as many of them are kept as fit. */
  found: number | null
  state_version: number | null
  said_at: Date | null
  said_run_id: string | null
  said_deployment_id: string | null
  /** The newest check of all. */
  last_outcome: DriftRow['outcome'] | null
  last_detail: string | null
  last_at: Date | null
  /** A check that has not ended. */
  run_id: string | null
}

export interface StandingFilter {
  environment_id?: string | undefined
  /** Only of these; null or left out: of all. */
  project_ids?: readonly string[] | null | undefined
  environment_ids?: readonly string[] | null | undefined
}

/** In the order of the environments' ids, after one. */
export async function listDriftStandings(
  db: Db,
  { environment_id, project_ids, environment_ids }: StandingFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<DriftStanding[]> {
  const none = sql`true`
  const one = environment_id === undefined ? none : sql`environment.id = ${environment_id}`
  const projects = project_ids ? sql`environment.project_id = any(${project_ids}::uuid[])` : none
  const among = environment_ids ? sql`environment.id = any(${environment_ids}::uuid[])` : none
  const later = after === undefined ? none : sql`environment.id > ${after}`
  const { rows } = await sql<DriftStanding>`
    select environment.id as environment_id, environment.name as environment_name,
      project.id as project_id, project.key as project_key,
      infra_environment.drift_cron as cron, infra_environment.drift_time_zone as time_zone,
      infra_environment.next_drift_at as next_at, infra_state.version as now_version,
      said.id as said_id, said.items, said.drifted + said.ignored as found, said.state_version, said.created_at as said_at, said.run_id as said_run_id,
      said.deployment_id as said_deployment_id,
      last.outcome as last_outcome, last.detail as last_detail, last.created_at as last_at, open.id as run_id
    from environment
    join project on project.id = environment.project_id and project.kind = 'infra'
    left join infra_environment on infra_environment.environment_id = environment.id
    left join infra_state on infra_state.environment_id = environment.id
    left join lateral (select * from drift where environment_id = environment.id
      and outcome in ('clean', 'drifted') order by id desc limit 1) said on true
    left join lateral (select * from drift where environment_id = environment.id order by id desc limit 1) last on true
    left join lateral (select id from run where environment_id = environment.id and kind = 'drift'
      and state in ('queued', 'running', 'canceling') order by id desc limit 1) open on true
    where ${one} and ${projects} and ${among} and ${later}
    order by environment.id limit ${limit}
  `.execute(db)
  return rows
}

/** What has to be known before it is looked, or what was seen is believed. */
export interface DriftGround {
  /** Null: there is no state. */
  state_version: number | null
  /** A deployment is planning. */
  planning: boolean
  /** A deployment is changing what is there. */
  applying: boolean
  /** A check, or an adoption, that has not ended. */
  run_id: string | null
}

export async function findDriftGround(db: Db, environmentId: string): Promise<DriftGround> {
  const { rows } = await sql<DriftGround>`
    select (select nullif(version, 0) from infra_state where environment_id = ${environmentId}) as state_version,
      coalesce(bool_or(state = 'planning'), false) as planning,
      coalesce(bool_or(state in ('applying', 'canceling')), false) as applying,
      (select id from run where environment_id = ${environmentId} and kind = 'drift'
        and state in ('queued', 'running', 'canceling') order by id desc limit 1) as run_id
    from deployment where environment_id = ${environmentId} and driver = 'engine'
      and state in ('planning', 'applying', 'canceling')
  `.execute(db)
  return rows[0]!
}

export interface LeftThere {
  /** What is live, by key. */
  live: LiveItem[]
  /** A deployment has not ended that may change it. */
  open: boolean
}

/** What an environment was left at, and whether that stays so: seen at one moment. */
export async function findLeftThere(db: Db, environmentId: string): Promise<LeftThere> {
  const { rows } = await sql<LeftThere>`
    select coalesce((select jsonb_agg(jsonb_build_object('key', item_key, 'kind', kind, 'title', title,
        'version', version, 'uncertain', uncertain) order by item_key)
      from live where environment_id = ${environmentId} and version is not null), '[]') as live,
    exists (select from deployment where environment_id = ${environmentId} and driver = 'engine'
      and state in ('queued', 'planning', 'awaiting_approval', 'applying', 'canceling')) as open
  `.execute(db)
  return rows[0]!
}

/** Those before an id, but for the newest of each environment that says something. Answers how many went. */
export async function removeDriftBefore(db: Db, id: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from drift where id in (
      select old.id from drift old where old.id < ${id} and exists (
        select from drift said where said.environment_id = old.environment_id and said.id > old.id
          and said.outcome in ('clean', 'drifted'))
      order by old.id limit ${limit})
  `.execute(db)
  return Number(numAffectedRows ?? 0)
}
