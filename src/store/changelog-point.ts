import { sql } from 'kysely'
import { withNames, type NamedCandidate } from './candidate.ts'
import type { Db } from './database.ts'

/** What a project of code has live in an environment. */
export interface LiveCommit {
  commit_sha: string
  /** A deployment reached it and did not succeed. */
  uncertain: boolean
  candidate_id: string | null
}

export function findLiveCommit(db: Db, environmentId: string): Promise<LiveCommit | undefined> {
  return db
    .selectFrom('live')
    .leftJoin('deployment', 'deployment.id', 'live.deployment_id')
    .leftJoin('candidate', (join) =>
      join
        .onRef('candidate.revision_id', '=', 'deployment.revision_id')
        .onRef('candidate.commit_sha', '=', 'live.version'),
    )
    .select(['live.version as commit_sha', 'live.uncertain', 'candidate.id as candidate_id'])
    .where('live.environment_id', '=', environmentId)
    .where('live.kind', '=', 'repository')
    .where('live.version', 'is not', null)
    .orderBy('live.updated_at', 'desc')
    .limit(1)
    .$narrowType<{ commit_sha: string }>()
    .executeTakeFirst()
}

function withCommit(db: Db, projectId: string) {
  return withNames(db)
    .where('candidate.project_id', '=', projectId)
    .where('candidate.commit_sha', 'is not', null)
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
