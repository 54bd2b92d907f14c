import { sql, type Selectable } from 'kysely'
import type { Actor, EventKind } from '#domain/events.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { ChangeAction } from '#domain/plan.ts'
import type { Annotations, JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import type { DeploymentItemTable } from './deployment-item.ts'

/** What a message tells of an event. */
export interface ToldEvent {
  id: string
  at: Date
  kind: EventKind
  subject_id: string | null
  actor: Actor
  reason: string | null
  data: JsonObject
  project_id: string | null
  project_key: string | null
  environment_id: string | null
  environment_name: string | null
  /** The branch that it happened in; null: in none, or it is not known any more. */
  branch: string | null
}

export async function listToldEvents(db: Db, ids: readonly string[]): Promise<ToldEvent[]> {
  const { rows } = await sql<ToldEvent>`
    select e.id, e.at, e.kind, e.subject_id, e.actor, e.reason, e.data, e.project_id, e.environment_id,
      p.key as project_key, v.name as environment_name, coalesce(e.data ->> 'branch', r.branch) as branch
    from event e left join project p on p.id = e.project_id left join environment v on v.id = e.environment_id
    left join release r on r.id = e.subject_id and e.kind like 'release.%'
    where e.id = any(${ids}::uuid[])
  `.execute(db)
  return rows
}

/** What a message tells of a deployment that has ended. */
export interface ToldDeployment {
  id: string
  state: DeploymentState
  dry_run: boolean
  reason: string | null
  failure_code: string | null
  failure_detail: string | null
  counts: { [outcome: string]: number }
  rolls_back: string | null
  requested_at: Date
  started_at: Date | null
  finished_at: Date | null
  request_id: string
  requested_by: string | null
  annotations: Annotations
  environment_id: string
  release_id: string
  release_name: string
  /** Made for one publication: nobody named it. */
  one_shot: boolean
  /** What was done to its first item; null where there is none. */
  first_action: ChangeAction | null
  /** Of a release that belongs to one. */
  branch: string | null
  revision_number: number
  digest: string
  /** Of its revision. */
  item_count: number
}

export async function listToldDeployments(db: Db, ids: readonly string[]): Promise<ToldDeployment[]> {
  const { rows } = await sql<ToldDeployment>`
    select d.id, d.state, d.dry_run, d.reason, d.failure_code, d.failure_detail, d.counts, d.rolls_back,
      d.requested_at, d.started_at, d.finished_at, d.request_id, d.requested_by, d.annotations, d.environment_id,
      d.release_id, r.name as release_name, r.one_shot, r.branch, (
        select i.action from deployment_item i where i.deployment_id = d.id order by i.position limit 1) as first_action,
      v.number as revision_number, v.digest, v.item_count
    from deployment d join release r on r.id = d.release_id join revision v on v.id = d.revision_id
    where d.id = any(${ids}::uuid[])
  `.execute(db)
  return rows
}

const item = [
  ...(['deployment_id', 'position', 'item_key', 'kind', 'title', 'action', 'before', 'after'] as const),
  ...(['outcome', 'reason'] as const),
] as const

/** One item of a deployment that has ended. */
export type ToldItem = Pick<Selectable<DeploymentItemTable>, (typeof item)[number]>

/** Those that were done or failed, in the plan's order. */
export function listItemsToTell(
  db: Db,
  deploymentId: string,
  { after, limit }: { after: number; limit: number },
): Promise<ToldItem[]> {
  return db
    .selectFrom('deployment_item')
    .select(item)
    .where('deployment_id', '=', deploymentId)
    .where('position', '>', after)
    .where('outcome', 'in', ['done', 'failed'])
    .orderBy('position')
    .limit(limit)
    .execute()
}

/** Items by their place in their deployments, in one statement. */
export async function listToldItems(
  db: Db,
  places: readonly { deployment_id: string; position: number }[],
): Promise<ToldItem[]> {
  if (places.length === 0) return []
  const { rows } = await sql<ToldItem>`
    select ${sql.join(item.map((column) => sql.ref(`i.${column}`)))}
    from json_to_recordset(${JSON.stringify(places)}::json) as place (deployment_id uuid, position int)
    join deployment_item i on i.deployment_id = place.deployment_id and i.position = place.position
  `.execute(db)
  return rows
}

/** The first items that each of some deployments changed, in one statement, in their plans' order. */
export async function listFirstChanges(
  db: Db,
  deploymentIds: readonly string[],
  most: number,
): Promise<ToldItem[]> {
  if (deploymentIds.length === 0) return []
  const { rows } = await sql<ToldItem>`
    select i.* from unnest(${sql.val(deploymentIds)}::uuid[]) as d (id)
    cross join lateral (
      select ${sql.join(item.map((column) => sql.ref(column)))} from deployment_item
      where deployment_id = d.id and outcome = 'done' order by position limit ${most}) i
    order by i.deployment_id, i.position
  `.execute(db)
  return rows
}

/** How many items a deployment changed in a language (null: where items have none), by what was done to them. */
export interface ChangeCount {
  deployment_id: string
  locale: string | null
  action: ChangeAction
  count: number
}

export async function countChanges(db: Db, deploymentIds: readonly string[]): Promise<ChangeCount[]> {
  if (deploymentIds.length === 0) return []
  const { rows } = await sql<ChangeCount>`
    select i.deployment_id, i.action, count(*) as count,
      case when p.kind = 'content' then nullif(split_part(i.item_key, '/', 3), '') end as locale
    from deployment_item i
    join deployment d on d.id = i.deployment_id
    join project p on p.id = d.project_id
    where i.deployment_id = any(${sql.val(deploymentIds)}::uuid[]) and i.outcome = 'done'
    group by i.deployment_id, 4, i.action order by i.deployment_id, 4, i.action
  `.execute(db)
  return rows
}
