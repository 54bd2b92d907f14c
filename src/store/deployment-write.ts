import { sql } from 'kysely'
import type { Actor } from '#domain/events.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Scope } from '#domain/revision.ts'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'
import { guarded } from './deployment-guard.ts'

/** An event of the transition, written in the same statement. */
export interface Stamp {
  event_id: string
  at: Date
  actor: Actor
}

export type NewDeployment = Omit<
  DeploymentRow,
  | 'number'
  | 'from_revision_id'
  | 'reported'
  | 'promotion_due'
  | 'failure_code'
  | 'failure_detail'
  | 'counts'
  | 'attempt'
  | 'version'
  | 'started_at'
  | 'finished_at'
  | 'turn'
  | 'approval_expires_at'
  | 'refresh'
  | 'allow_destroy'
  | 'trace_id'
  | 'source_commit'
  | 'signed_off_by'
  | 'signed_off_at'
> &
  Partial<Pick<DeploymentRow, 'refresh' | 'allow_destroy' | 'trace_id' | 'source_commit'>>

const nextTurn = sql<number>`nextval('deployment_turn')`

/** What is all that is live in an environment: the revision that came last, where it is a whole state and came whole. */
const wholeIn = (environmentId: string) => sql<string | null>`(
  select case when revision.scope = 'whole_state' and last.selected_keys is null then revision.id end
  from deployment last join revision on revision.id = last.revision_id
  where last.environment_id = ${environmentId} and last.state = 'succeeded'
  order by last.finished_at desc, last.id desc limit 1)`

/** One statement for any number of deployments. Each is told what was live when it was asked for. */
export async function insertDeployments(db: Db, rows: readonly NewDeployment[]): Promise<void> {
  await db
    .insertInto('deployment')
    .values(
      rows.map((row) => ({
        ...row,
        from_revision_id: wholeIn(row.environment_id),
        turn: row.state === 'queued' ? nextTurn : null,
        misfire: JSON.stringify(row.misfire),
        annotations: JSON.stringify(row.annotations),
      })),
    )
    .execute()
}

export interface ClaimedDeployment {
  id: string
  project_id: string
  environment_id: string
  release_id: string
  revision_id: string
  state: DeploymentState
  attempt: number
  forced: boolean
  dry_run: boolean
  on_item_failure: 'stop' | 'continue'
  selected_keys: string[] | null
  requested_by: string | null
  /** The deployment that this one puts back. */
  rolls_back: string | null
  /** The plan that it has to apply as it is, and that plan's digest. */
  deploys_plan: string | null
  deploys_digest: string | null
  refresh: boolean
  allow_destroy: boolean
  executor: string
  /** Its secrets sealed. */
  executor_settings: JsonObject
  scope: Scope
  items: PinnedItem[]
}

/** What claiming found. */
export interface Claim {
  claimed?: ClaimedDeployment
  /** Whether one was queued where nothing runs, claimed or not. */
  waiting: boolean
  /**
   * Whether what was done here may open a gate or go on: another environment takes only what is proven here, or takes it
   * by itself, or it is code.
   */
  proves: boolean
}

/**
 * Takes the next queued deployment of an environment into planning, unless another one is running there or anything
 * keeps guard over it; or the named one, whose gates the caller has asked. The attempt it returns is the fence: every
 * later move names it, so that a process that was given up for dead and wakes again can move nothing.
 */
export async function claimDeployment(
  db: Db,
  environmentId: string,
  { event_id, at, actor }: Stamp,
  id?: string,
): Promise<Claim> {
  const which = id === undefined ? sql`true` : sql`id = ${id}`
  const free = id === undefined ? sql`not ${guarded(at)}` : sql`true`
  const result = await sql<Claim & { [K in keyof ClaimedDeployment]: ClaimedDeployment[K] | null }>`
    with head as (
      select * from deployment
      where environment_id = ${environmentId} and state = 'queued' and driver = 'engine' and ${which}
        and not exists (
          select from deployment running
          where running.environment_id = ${environmentId} and running.driver <> 'caller'
            and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))
      order by turn limit 1 for update
    ), next as (
      select id from head deployment where ${free}
    ), claimed as (
      update deployment set state = 'planning', attempt = attempt + 1, version = version + 1,
        started_at = coalesce(started_at, ${at}::timestamptz)
      from next where deployment.id = next.id and deployment.state = 'queued'
      returning deployment.*
    ), step as (
      insert into deployment_step (deployment_id, attempt, name, started_at)
      select id, attempt, 'plan', ${at}::timestamptz from claimed
    ), told as (
      insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
      select ${event_id}::uuid, ${at}::timestamptz, 'deployment.started', project_id, environment_id, id,
        ${JSON.stringify(actor)}::jsonb, jsonb_build_object('attempt', attempt)
      from claimed
    )
    select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
      claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
      claimed.selected_keys, claimed.requested_by, claimed.rolls_back, claimed.deploys_plan, plan.digest as deploys_digest,
      claimed.refresh, claimed.allow_destroy, environment.executor, environment.executor_settings, revision.scope, revision.items,
      exists (select from head) as waiting,
      exists (select from environment child where child.parent_id = ${environmentId}
          and (child.requires_parent or child.auto_promote))
        or exists (select from environment here join code_settings using (project_id)
          where here.id = ${environmentId}) as proves
    from (values (1)) one
    left join claimed on true
    left join environment on environment.id = claimed.environment_id
    left join revision on revision.id = claimed.revision_id
    left join plan on plan.id = claimed.deploys_plan
  `.execute(db)
  const { waiting, proves, ...claimed } = result.rows[0]!
  return { waiting, proves, ...(claimed.id === null ? {} : { claimed: claimed as ClaimedDeployment }) }
}

export interface Move {
  id: string
  from: DeploymentState
  to: DeploymentState
  /** The fence, where the mover claimed it. */
  attempt?: number
  at: Date
  failure?: { code: string; detail: string }
}

/** Compare-and-swap along one arrow. False: it was not there any more. */
export async function moveDeployment(db: Db, move: Move): Promise<boolean> {
  const ends = !['queued', 'planning', 'applying', 'canceling', 'awaiting_approval'].includes(move.to)
  let query = db
    .updateTable('deployment')
    .set({ state: move.to, version: sql<number>`version + 1` })
    .where('id', '=', move.id)
    .where('state', '=', move.from)
  if (ends) query = query.set({ finished_at: move.at })
  if (move.to === 'queued')
    query = query.set((eb) => ({
      queued_at: eb.fn.coalesce('queued_at', eb.val(move.at)),
      turn: sql<number>`coalesce(turn, nextval('deployment_turn'))`,
    }))
  if (move.failure)
    query = query.set({ failure_code: move.failure.code, failure_detail: move.failure.detail })
  if (move.attempt !== undefined) query = query.where('attempt', '=', move.attempt)
  const result = await query.executeTakeFirst()
  return result.numUpdatedRows > 0n
}
