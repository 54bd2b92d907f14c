import { sql } from 'kysely'
import type { CandidateState } from '#domain/candidate-lifecycle.ts'
import type { CandidateRow } from './candidate.ts'
import type { Db } from './database.ts'

/** A release that something can be picked into, by its newest candidate that has a commit. */
export interface PickTarget {
  release_id: string
  release_version: string
  candidate_id: string
  candidate_version: string
  commit_sha: string
  /** The highest number of the release, whatever became of it. */
  highest: number
  /** A candidate that is being picked, or is in conflict: first come what is to become of that. */
  open_version: string | null
  open_state: CandidateState | null
}

/** Newest release first, from the oldest one named on. */
export async function listPickTargets(
  db: Db,
  projectId: string,
  { since, limit }: { since?: string | undefined; limit: number },
): Promise<PickTarget[]> {
  const { rows } = await sql<PickTarget>`
    select release.id as release_id, release.name as release_version, newest.id as candidate_id,
      newest.version as candidate_version, newest.commit_sha,
      (select max(number) from candidate where release_id = release.id) as highest,
      open.version as open_version, open.state as open_state
    from release
    join lateral (select id, version, commit_sha from candidate
      where release_id = release.id and commit_sha is not null order by number desc limit 1) newest on true
    left join lateral (select version, state from candidate
      where release_id = release.id and state in ('picking', 'conflicted') order by number desc limit 1) open on true
    where release.project_id = ${projectId} and (${since ?? null}::uuid is null or release.id >= ${since ?? null}::uuid)
    order by release.id desc limit ${limit}
  `.execute(db)
  return rows
}

/** Candidates that have a commit, newest first. */
export function listCommitsOfCandidates(
  db: Db,
  projectId: string,
  limit: number,
): Promise<{ id: string; commit_sha: string }[]> {
  return db
    .selectFrom('candidate')
    .select(['id', sql<string>`commit_sha`.as('commit_sha')])
    .where('project_id', '=', projectId)
    .where('commit_sha', 'is not', null)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute()
}

/** The commit that a chain of picks began with: what was cut, and so is there without us. */
export async function findAnchor(db: Db, candidateId: string): Promise<string | undefined> {
  const { rows } = await sql<{ commit_sha: string }>`
    with recursive chain as (
      select id, base_id, commit_sha, 0 as depth from candidate where id = ${candidateId}
      union all
      select base.id, base.base_id, base.commit_sha, depth + 1 from chain join candidate base on base.id = chain.base_id
    )
    select commit_sha from chain where commit_sha is not null order by depth desc limit 1
  `.execute(db)
  return rows[0]?.commit_sha
}

/** What only we have of a repository: oldest first, since one stands on the other. */
export function listBundles(db: Db, repositoryId: string): Promise<{ id: string; bundle_digest: string }[]> {
  return db
    .selectFrom('candidate')
    .innerJoin('code_settings', 'code_settings.project_id', 'candidate.project_id')
    .select(['candidate.id', sql<string>`bundle_digest`.as('bundle_digest')])
    .where('code_settings.repository_id', '=', repositoryId)
    .where('bundle_digest', 'is not', null)
    .orderBy('candidate.ordinal')
    .execute()
}

/** Those of a release that are being picked, or are in conflict; newest first. */
export function listOpenCandidates(db: Db, releaseId: string): Promise<CandidateRow[]> {
  return db
    .selectFrom('candidate')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('state', 'in', ['picking', 'conflicted'])
    .orderBy('number', 'desc')
    .execute()
}
