import { sql, type Generated, type GeneratedAlways, type Selectable } from 'kysely'
import { runningStates, type DeploymentState } from '#domain/lifecycle.ts'
import type { Cause } from '#domain/hold.ts'
import type { MisfirePolicy } from '#domain/misfire.ts'
import type { ReportedStatus } from '#domain/reported-status.ts'
import type { Annotations, JsonColumn, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

export interface DeploymentTable {
  id: string
  /** A small name for it. */
  number: GeneratedAlways<number>
  request_id: string
  project_id: string
  environment_id: string
  release_id: string
  revision_id: string
  /** What was live when it was asked for, where one revision is all that is live. */
  from_revision_id: string | null
  /** Whether it succeeded and has not been taken on to the environments after it yet. */
  promotion_due: Generated<boolean>
  /** Whether what really is there is looked at before it is planned. */
  refresh: Generated<boolean>
  allow_destroy: Generated<boolean>
  /** By which whoever asked finds it again. */
  trace_id: string | null
  /** The commit that the catalogue was read at. */
  source_commit: string | null
  signed_off_by: string | null
  signed_off_at: Date | null
  plan_id: string | null
  /** The plan that it has to apply as it is. */
  deploys_plan: string | null
  rolls_back: string | null
  /** The deployment whose failed items it takes up again. */
  retries: string | null
  state: DeploymentState
  driver: 'engine' | 'inline' | 'caller'
  /** What the caller of a caller-driven one said of it last. */
  reported: ReportedStatus | null
  selected_keys: string[] | null
  forced: Generated<boolean>
  dry_run: Generated<boolean>
  /** It takes away what its items' deletion left live. */
  deletes: Generated<boolean>
  on_item_failure: 'stop' | 'continue'
  when_busy: 'wait' | 'refuse'
  when_shut: 'wait' | 'refuse'
  due_at: Date | null
  misfire: JsonColumn<MisfirePolicy>
  reason: string | null
  failure_code: string | null
  failure_detail: string | null
  counts: JsonColumnWithDefault<{ [outcome: string]: number }>
  attempt: Generated<number>
  version: Generated<number>
  annotations: JsonColumnWithDefault<Annotations>
  /** Who wants it: a hold stops what no person asked for. */
  cause: Generated<Cause>
  /** Until when its approval is waited for. */
  approval_expires_at: Date | null
  requested_by: string | null
  requested_by_token: string | null
  requested_at: Date
  queued_at: Date | null
  /** Its place in the queue of its environment, given when it is queued and kept when it is queued again. */
  turn: number | null
  started_at: Date | null
  finished_at: Date | null
}

export type DeploymentRow = Selectable<DeploymentTable>

export interface DeploymentFilter {
  project_id: string
  environment_id?: string
  release_id?: string
  request_id?: string
  state?: DeploymentState
  /** Only to these environments. */
  environment_ids?: readonly string[]
  /** Only of releases of these branches, and of none. */
  branches?: readonly string[]
}

/** With the names that people know things by, and the facts that its gates ask for. */
export function withNames(db: Db) {
  return db
    .selectFrom('deployment')
    .innerJoin('release', 'release.id', 'deployment.release_id')
    .innerJoin('environment', 'environment.id', 'deployment.environment_id')
    .innerJoin('revision', 'revision.id', 'deployment.revision_id')
    .leftJoin('plan', 'plan.id', 'deployment.plan_id')
    .leftJoin('user as locker', 'locker.id', 'release.locked_by')
    .selectAll('deployment')
    .select([
      'release.name as release_name',
      'release.branch as release_branch',
      'release.lock as release_lock',
      'environment.name as environment_name',
      'environment.parent_id as environment_parent_id',
      'environment.requires_parent',
      'environment.approvals_needed as environment_approvals',
      sql<number>`greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0))`.as(
        'approvals_needed',
      ),
      'plan.approval_reason',
      'revision.number as revision_number',
      'revision.digest as revision_digest',
      'plan.digest as plan_digest',
      'locker.name as release_locked_by',
      'release.lock_reason as release_lock_reason',
    ])
}

export type NamedDeployment = DeploymentRow & {
  release_name: string
  release_branch: string | null
  release_lock: 'user' | 'deployment' | null
  release_locked_by: string | null
  release_lock_reason: string | null
  environment_name: string
  environment_parent_id: string | null
  requires_parent: boolean
  /** By its environment or its plan, whichever asks for more; and why, where its plan does. */
  approvals_needed: number
  approval_reason: string | null
  environment_approvals: number
  revision_number: number
  revision_digest: string
  plan_digest: string | null
}

export function findDeployment(db: Db, id: string): Promise<NamedDeployment | undefined> {
  return withNames(db).where('deployment.id', '=', id).executeTakeFirst()
}

/** By the number that others outside know it by. */
export function findDeploymentByNumber(
  db: Db,
  number: number,
): Promise<Pick<DeploymentRow, 'id' | 'project_id' | 'environment_id'> | undefined> {
  return db
    .selectFrom('deployment')
    .select(['id', 'project_id', 'environment_id'])
    .where('number', '=', number)
    .executeTakeFirst()
}

/** Holds its row, so that its state stands still until the transaction ends. */
export function lockDeployment(db: Db, id: string): Promise<DeploymentRow | undefined> {
  return db.selectFrom('deployment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Newest first, after `before`. */
export function listDeployments(
  db: Db,
  filter: DeploymentFilter,
  page: { limit: number; before?: string },
): Promise<NamedDeployment[]> {
  let query = withNames(db)
    .where('deployment.project_id', '=', filter.project_id)
    .orderBy('deployment.id', 'desc')
    .limit(page.limit)
  if (filter.environment_id) query = query.where('deployment.environment_id', '=', filter.environment_id)
  if (filter.release_id) query = query.where('deployment.release_id', '=', filter.release_id)
  if (filter.request_id) query = query.where('deployment.request_id', '=', filter.request_id)
  if (filter.state) query = query.where('deployment.state', '=', filter.state)
  if (filter.environment_ids)
    query = query.where(
      'deployment.environment_id',
      '=',
      sql<string>`any(${sql.val(filter.environment_ids)}::uuid[])`,
    )
  if (filter.branches)
    query = query.where(
      sql<boolean>`(release.branch is null or release.branch = any(${sql.val(filter.branches)}::text[]))`,
    )
  if (page.before !== undefined) query = query.where('deployment.id', '<', page.before)
  return query.execute()
}

export function listDeploymentsOfRequest(db: Db, requestId: string): Promise<NamedDeployment[]> {
  return withNames(db).where('deployment.request_id', '=', requestId).orderBy('deployment.id').execute()
}

/** In no order. */
export function listDeploymentsById(db: Db, ids: readonly string[]): Promise<NamedDeployment[]> {
  return withNames(db)
    .where('deployment.id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** Since when a deployment waits to be let in, and its id: where a page of them ends. */
export interface WaitingSince {
  at: Date
  id: string
}

/** Requested ones whose time has come by `now`, oldest first, after a place; held until the transaction ends. */
export function listAdmissible(
  db: Db,
  { now, limit, after }: { now: Date; limit: number; after?: WaitingSince },
): Promise<NamedDeployment[]> {
  const since = sql<Date>`coalesce(deployment.due_at, deployment.requested_at)`
  let query = withNames(db)
    .where('deployment.state', '=', 'requested')
    .where((eb) => eb.or([eb('due_at', 'is', null), eb('due_at', '<=', now)]))
    .orderBy(since)
    .orderBy('deployment.id')
    .limit(limit)
    .forUpdate('deployment')
  if (after)
    query = query.where(
      sql<boolean>`(${since}, deployment.id) > (${after.at}::timestamptz, ${after.id}::uuid)`,
    )
  return query.execute()
}

/** Whose a deployment in hand is: the outside job's, once it was handed over; `dispatched` when that job began. */
export type InHand = DeploymentRow & { handed_over: boolean; dispatched: boolean }

/** Engine-driven deployments of an environment that some process has in hand, or had when it died. */
export function listInHand(db: Db, environmentId: string): Promise<InHand[]> {
  return (
    db
      .selectFrom('deployment')
      .selectAll()
      .select([handedOver.as('handed_over'), dispatched.as('dispatched')])
      .where('environment_id', '=', environmentId)
      .where('state', 'in', ['planning', 'applying', 'canceling'])
      .where('driver', '=', 'engine')
      // One that was approved and not taken up yet is in nobody's hand.
      .where((eb) => eb.or([eb('state', '<>', 'applying'), applyBegun]))
      .execute()
  )
}

const handedOver = sql<boolean>`exists (select from deployment_step step where step.deployment_id = deployment.id
  and step.attempt = deployment.attempt and step.name = 'apply' and step.outcome = 'handed_over')`

const dispatched = sql<boolean>`exists (select from dispatch where dispatch.deployment_id = deployment.id
  and dispatch.attempt = deployment.attempt)`

const applyBegun = sql<boolean>`exists (select from deployment_step step where step.deployment_id = deployment.id
  and step.attempt = deployment.attempt and step.name = 'apply')`

/** Environments in which there is something for the engine to do. */
export async function listEnvironmentsWithWork(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('deployment')
    .select('environment_id')
    .distinct()
    .where('state', 'in', ['queued', 'planning', 'applying', 'canceling'])
    .where('driver', '=', 'engine')
    .execute()
  return rows.map((row) => row.environment_id)
}

/** Whether anything of it is not final and its time has come. */
export async function listBusyEnvironments(db: Db, ids: readonly string[], now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('deployment')
    .select('environment_id')
    .distinct()
    .where('environment_id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .where((eb) =>
      eb.or([
        eb('state', 'in', [...runningStates, 'queued']),
        eb.and([eb('state', '=', 'requested'), eb.or([eb('due_at', 'is', null), eb('due_at', '<=', now)])]),
      ]),
    )
    .execute()
  return rows.map((row) => row.environment_id)
}

/** A deployment that waits for its time, with what its executor needs to plan it. */
export function findForPlanning(db: Db, id: string) {
  return db
    .selectFrom('deployment')
    .innerJoin('environment', 'environment.id', 'deployment.environment_id')
    .innerJoin('revision', 'revision.id', 'deployment.revision_id')
    .selectAll('deployment')
    .select(['environment.executor', 'revision.scope', 'revision.items'])
    .where('deployment.id', '=', id)
    .where('deployment.state', '=', 'requested')
    .executeTakeFirst()
}
