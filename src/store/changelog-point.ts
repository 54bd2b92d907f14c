import { sql } from 'kysely'
import { withNames, type NamedCandidate } from './candidate.ts'
import type { Db } from './database.ts'
import { withLiveCandidate } from './live-candidate.ts'

/** What a project of code has live in an environment. */
export interface LiveCommit {
  environment_id: string
  commit_sha: string
  /** A deployment reached it and did not succeed. */
  uncertain: boolean
  /** Of the deployment that brought it; after one that failed, of the last that brought this commit there. */
  candidate_id: string | null
}

function live(db: Db) {
  return withLiveCandidate(db)
    .select(['live.environment_id', 'live.version as commit_sha', 'live.uncertain'])
    .select((eb) => eb.fn.coalesce('candidate.id', 'before.candidate_id').as('candidate_id'))
    .$narrowType<{ commit_sha: string }>()
}

export function findLiveCommit(db: Db, environmentId: string): Promise<LiveCommit | undefined> {
  return live(db).where('live.environment_id', '=', environmentId).executeTakeFirst()
}

/** In each of these environments where there is one. */
export function listLiveCommits(db: Db, environmentIds: readonly string[]): Promise<LiveCommit[]> {
  return live(db)
    .where('live.environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .execute()
}

function withCommit(db: Db, projectId: string) {
  return withNames(db)
    .where('candidate.project_id', '=', projectId)
    .where('candidate.commit_sha', 'is not', null)
    .where('candidate.state', '<>', 'dropped')
    .where('release.removed_at', 'is', null)
    .limit(1)
    .$narrowType<{ commit_sha: string }>()
}

export type CommittedCandidate = NamedCandidate & { commit_sha: string }

/** The newest of a release that is ready, else the newest that has a commit. */
export function findNewestOfRelease(
  db: Db,
  projectId: string,
  releaseId: string,
): Promise<CommittedCandidate | undefined> {
  return withCommit(db, projectId)
    .where('candidate.release_id', '=', releaseId)
    .orderBy(sql`candidate.state = 'ready'`, 'desc')
    .orderBy('candidate.number', 'desc')
    .executeTakeFirst()
}

/** The same of the release that was made last before this one; ids are in the order in which they were given. */
export function findNewestOfReleaseBefore(
  db: Db,
  projectId: string,
  releaseId: string,
): Promise<CommittedCandidate | undefined> {
  return withCommit(db, projectId)
    .where('candidate.release_id', '<', releaseId)
    .orderBy('candidate.release_id', 'desc')
    .orderBy(sql`candidate.state = 'ready'`, 'desc')
    .orderBy('candidate.number', 'desc')
    .executeTakeFirst()
}

/** What was cut last, not picked. */
export function findNewestCut(db: Db, projectId: string): Promise<CommittedCandidate | undefined> {
  return withCommit(db, projectId)
    .where('candidate.base_id', 'is', null)
    .where('candidate.pick_run_id', 'is', null)
    .orderBy('candidate.ordinal', 'desc')
    .executeTakeFirst()
}
