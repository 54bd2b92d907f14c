import { sql } from 'kysely'
import type { Db } from './database.ts'
import { withNames, type NamedDeployment } from './deployment.ts'

/**
 * Whether anything may keep a row of `deployment` back: a freeze that is set, in force or not, a hold, a required
 * parent, a user's lock, and of code what was picked into what is live there. What nothing guards needs no gate asked, so
 * that claiming it stays one statement.
 */
export function guarded(at: Date) {
  return sql<boolean>`(
    exists (select from "freeze" set_here
      where set_here.project_id = deployment.project_id and set_here.lifted_at is null
        and (set_here.environment_id is null or set_here.environment_id = deployment.environment_id)
        and (set_here.expires_at is null or set_here.expires_at > ${at}::timestamptz))
    or exists (select from hold where hold.environment_id = deployment.environment_id and hold.released_at is null)
    or exists (select from environment guarding
      where guarding.id = deployment.environment_id and guarding.requires_parent)
    or exists (select from release locked where locked.id = deployment.release_id and locked.lock = 'user')
    or exists (select from code_settings where code_settings.project_id = deployment.project_id))`
}

const nothingRuns = sql<boolean>`not exists (
  select from deployment running where running.environment_id = deployment.environment_id
    and running.driver <> 'caller' and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))`

/** The queue of an environment in which nothing runs, from its head on, or from behind a turn. */
export function listClaimable(
  db: Db,
  environmentId: string,
  { limit, after }: { limit: number; after?: number | null },
): Promise<NamedDeployment[]> {
  let query = withNames(db)
    .where('deployment.environment_id', '=', environmentId)
    .where('deployment.state', '=', 'queued')
    .where('deployment.driver', '=', 'engine')
    .where(nothingRuns)
    .orderBy('turn')
    .limit(limit)
  if (after !== undefined && after !== null) query = query.where('turn', '>', after)
  return query.execute()
}

/** Queued ones in environments where nothing runs, by id, after `after`: something holds them up, or has just let go. */
export function listHeldUp(
  db: Db,
  { limit, after }: { limit: number; after?: string },
): Promise<NamedDeployment[]> {
  let query = withNames(db)
    .where('deployment.state', '=', 'queued')
    .where('deployment.driver', '=', 'engine')
    .where(nothingRuns)
    .orderBy('deployment.id')
    .limit(limit)
  if (after !== undefined) query = query.where('deployment.id', '>', after)
  return query.execute()
}

/** Those that wait to be approved, by id, after `after`; held until the transaction ends. */
export function lockAwaiting(
  db: Db,
  { limit, after }: { limit: number; after?: string },
): Promise<NamedDeployment[]> {
  let query = withNames(db)
    .where('deployment.state', '=', 'awaiting_approval')
    .orderBy('deployment.id')
    .limit(limit)
    .forUpdate('deployment')
  if (after !== undefined) query = query.where('deployment.id', '>', after)
  return query.execute()
}

/** The one of an environment that waits to be approved, held until the transaction ends. */
export function lockAwaitingIn(db: Db, environmentId: string): Promise<NamedDeployment | undefined> {
  return withNames(db)
    .where('deployment.environment_id', '=', environmentId)
    .where('deployment.state', '=', 'awaiting_approval')
    .forUpdate('deployment')
    .executeTakeFirst()
}

/** How many are before a deployment in its environment, or before one that is only thought of. */
export async function countAhead(
  db: Db,
  environmentId: string,
  { now, turn, id }: { now: Date; turn: number | null; id?: string },
): Promise<number> {
  const { rows } = await sql<{ ahead: number }>`
    select count(*)::int as ahead from deployment
    where environment_id = ${environmentId} and driver <> 'caller' and id is distinct from ${id ?? null}::uuid
      and (state in ('planning', 'awaiting_approval', 'applying', 'canceling')
        or (state = 'queued' and (${turn}::bigint is null or turn < ${turn}::bigint))
        or (state = 'requested' and ${turn}::bigint is null and (due_at is null or due_at <= ${now}::timestamptz)
          and (${id ?? null}::uuid is null or id < ${id ?? null}::uuid)))`.execute(db)
  return rows[0]?.ahead ?? 0
}
