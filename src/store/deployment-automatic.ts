import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'

/**
 * The older ones of an environment that nobody asked for by hand, that nothing was begun of, and that a newer one leaves
 * nothing of: whole states. Change sets all have their turn.
 */
export function listOutrun(db: Db, environmentId: string, by: string): Promise<DeploymentRow[]> {
  const whole = (id: string) => sql<boolean>`exists (select from revision
    where revision.id = ${sql.ref(id)} and revision.scope = 'whole_state')`
  return db
    .selectFrom('deployment')
    .selectAll()
    .where(whole('deployment.revision_id'))
    .where('selected_keys', 'is', null)
    .where('environment_id', '=', environmentId)
    .where('state', 'in', ['requested', 'queued'])
    .where('cause', '=', 'automation')
    .where('rolls_back', 'is', null)
    .where('dry_run', '=', false)
    .where('attempt', '=', 0)
    .where('driver', '<>', 'inline')
    .where('id', '<', by)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/**
 * The version of a candidate that was cut after this one and is live in an environment, or on its way there; undefined
 * where there is none.
 */
export async function findNewerThere(
  db: Db,
  environmentId: string,
  { release_id, number }: { release_id: string; number: number },
): Promise<string | undefined> {
  const { rows } = await sql<{ version: string }>`
    select newer.version
    from candidate mine
    join candidate newer on newer.project_id = mine.project_id and newer.ordinal > mine.ordinal
    join deployment d on d.revision_id = newer.revision_id and d.environment_id = ${environmentId}
    where mine.release_id = ${release_id} and mine.number = ${number} and not d.dry_run
      and (d.state in ('requested', 'queued', 'planning', 'awaiting_approval', 'applying')
        or exists (select from live where live.environment_id = d.environment_id and live.deployment_id = d.id
          and live.version is not null))
    order by newer.ordinal desc limit 1`.execute(db)
  return rows[0]?.version
}

/**
 * Those of a revision that nobody asked for by hand and that wait in the environments after one, however far after: they
 * stand still until the transaction ends.
 */
export async function listFollowing(
  db: Db,
  environmentId: string,
  revisionId: string,
): Promise<DeploymentRow[]> {
  const below = sql<boolean>`environment_id in (
    with recursive below as (
      select id from environment where parent_id = ${environmentId}
      union select e.id from environment e join below on e.parent_id = below.id)
    select id from below)`
  return db
    .selectFrom('deployment')
    .selectAll()
    .where('revision_id', '=', revisionId)
    .where('state', 'in', ['requested', 'queued'])
    .where('cause', '=', 'automation')
    .where('dry_run', '=', false)
    .where('attempt', '=', 0)
    .where('driver', '<>', 'inline')
    .where(below)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** A deployment that succeeded and has not been taken on to the environments after it. */
export interface DuePromotion {
  id: string
  project_id: string
  environment_id: string
  environment_name: string
  release_id: string
  release_name: string
  project_kind: string
  number: number
  selected_keys: string[] | null
}

/** The oldest that nobody else has in hand, held until the transaction ends. */
export function claimDuePromotion(db: Db): Promise<DuePromotion | undefined> {
  return (
    db
      .selectFrom('deployment')
      .innerJoin('revision', 'revision.id', 'deployment.revision_id')
      .innerJoin('release', 'release.id', 'deployment.release_id')
      .innerJoin('environment', 'environment.id', 'deployment.environment_id')
      .innerJoin('project', 'project.id', 'deployment.project_id')
      .select([
        'deployment.id',
        'deployment.project_id',
        'deployment.environment_id',
        'deployment.release_id',
      ])
      .select(['environment.name as environment_name', 'release.name as release_name', 'revision.number'])
      .select(['deployment.selected_keys', 'project.kind as project_kind'])
      // Not as a parameter: the planner could not tell then that the partial index holds all of these.
      .where(sql<boolean>`deployment.promotion_due`)
      .orderBy('deployment.finished_at')
      .limit(1)
      .forUpdate('deployment')
      .skipLocked()
      .executeTakeFirst()
  )
}

export async function markPromoted(db: Db, id: string): Promise<void> {
  await db.updateTable('deployment').set({ promotion_due: false }).where('id', '=', id).execute()
}

/** The environments to which what succeeds in this one goes on by itself, in the order of the pipeline. */
export function listPromotedTo(db: Db, environmentId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('environment')
    .select(['id', 'name'])
    .where('parent_id', '=', environmentId)
    .where('auto_promote', '=', true)
    .orderBy('position')
    .orderBy('id')
    .execute()
}
