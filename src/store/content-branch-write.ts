import { sql } from 'kysely'
import { finalStates } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'
import { stopPublishing } from './publishing-hold.ts'

interface Branch {
  id: string
  project_id: string
  uid: string
}

/**
 * The releases of the branch, held until the transaction ends: whoever is asking for a deployment of one has been let
 * finish, and what they asked for is seen by what is read next.
 */
export async function holdBranchReleases(db: Db, { project_id, uid }: Branch): Promise<void> {
  await sql`
    select from release where project_id = ${project_id} and branch = ${uid} and removed_at is null
    order by id for update
  `.execute(db)
}

/** The environment of a deployment of the branch that is not over, a scheduled one included. */
export async function findBranchUnderway(
  db: Db,
  { project_id, uid }: Branch,
): Promise<{ environment: string; state: string } | undefined> {
  return db
    .selectFrom('deployment')
    .innerJoin('release', 'release.id', 'deployment.release_id')
    .innerJoin('environment', 'environment.id', 'deployment.environment_id')
    .select(['environment.name as environment', 'deployment.state'])
    .where('deployment.project_id', '=', project_id)
    .where('release.branch', '=', uid)
    .where('deployment.state', 'not in', finalStates)
    .orderBy('deployment.id')
    .limit(1)
    .executeTakeFirst()
}

export interface RemovedBranch {
  items: number
  releases: number
  live: number
}

/**
 * Removes a branch with all that is written in it, its releases and what of it is live, in as many statements whatever
 * it holds. Releases that were deployed are kept for their history, out of every list, as when they are removed one by
 * one. What is being published is finished first.
 */
export async function removeContentBranch(db: Db, branch: Branch, at: Date): Promise<RemovedBranch> {
  const { id, project_id, uid } = branch
  await stopPublishing(db, { project_id })
  const held = await sql<{ items: number }>`
    select count(*)::int as items from (
      select id from content_item where branch_id = ${id} order by id for update) as held
  `.execute(db)
  const releases = await removeReleases(db, branch, at)
  await sql`
    delete from content_version where item_id in (select id from content_item where branch_id = ${id})`.execute(
    db,
  )
  await sql`delete from content_branch where id = ${id}`.execute(db)
  const live = await sql<{ live: number }>`
    with place as materialized (select id from environment where project_id = ${project_id}),
    served as (
      delete from content_published where branch_id = ${id} and environment_id in (select id from place)
    ), live as (
      delete from live where environment_id in (select id from place) and starts_with(item_key, ${`${uid}/`})
      returning 1
    )
    select count(*)::int as live from live
  `.execute(db)
  return { items: held.rows[0]!.items, releases, live: live.rows[0]!.live }
}

async function removeReleases(db: Db, { project_id, uid }: Branch, at: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with own as materialized (
      select id, one_shot, exists (select from deployment where release_id = release.id) as deployed
      from release where project_id = ${project_id} and branch = ${uid} and removed_at is null
    ), kept as (
      update release set removed_at = ${at} where id in (select id from own where deployed)
    ), gone as (
      delete from release where id in (select id from own where not deployed)
    ), unknown as (
      delete from external_id where internal in (select id from own where not deployed)
    )
    select count(*)::int as count from own where not one_shot
  `.execute(db)
  return rows[0]!.count
}
