import type { CandidateState } from '#domain/candidate-lifecycle.ts'
import type { Db } from './database.ts'

/** A candidate that has a commit, with the names that people know it by. */
export interface CandidateCommit {
  id: string
  commit_sha: string
  version: string
  state: CandidateState
  release_id: string
  release_version: string
}

/** All of a project that have a commit, newest first. */
export function listCandidateCommits(db: Db, projectId: string): Promise<CandidateCommit[]> {
  return db
    .selectFrom('candidate')
    .innerJoin('release', 'release.id', 'candidate.release_id')
    .select(['candidate.id', 'candidate.commit_sha', 'candidate.version', 'candidate.state'])
    .select(['candidate.release_id', 'release.name as release_version'])
    .where('candidate.project_id', '=', projectId)
    .where('candidate.commit_sha', 'is not', null)
    .orderBy('candidate.ordinal', 'desc')
    .$narrowType<{ commit_sha: string }>()
    .execute()
}
