import { sql } from 'kysely'
import type { CandidateRow } from './candidate.ts'
import type { Db } from './database.ts'
import { withLiveCandidate } from './live-candidate.ts'
import { idsOfEach, type EachPage } from './page-each.ts'

/** A candidate as lists of many show it. */
export type CandidateHead = CandidateRow & { created_by_email: string | null }

function heads(db: Db) {
  return db
    .selectFrom('candidate')
    .leftJoin('user', 'user.id', 'candidate.created_by')
    .selectAll('candidate')
    .select('user.email as created_by_email')
}

/** In no order. */
export function listCandidateHeads(
  db: Db,
  { ids, revision_ids }: { ids?: readonly string[]; revision_ids?: readonly string[] },
): Promise<CandidateHead[]> {
  return heads(db)
    .where(
      ids ? 'candidate.id' : 'revision_id',
      '=',
      sql<string>`any(${sql.val(ids ?? revision_ids)}::uuid[])`,
    )
    .execute()
}

/** A page of the candidates of each release, highest number first. */
export function pageCandidates(
  db: Db,
  releaseIds: readonly string[],
  page: EachPage<number>,
): Promise<CandidateHead[]> {
  const ids = idsOfEach({
    ...{ from: sql`candidate`, list: sql`one.release_id`, key: sql`one.number`, type: sql`int` },
    ...{ ids: releaseIds, page },
  })
  return heads(db).where('candidate.id', '=', ids).orderBy('candidate.number', 'desc').execute()
}

/** Which candidate's deployment brought what is live in an environment now. */
export interface LiveCandidate {
  project_id: string
  environment_id: string
  candidate_id: string
  release_id: string
  deployment_id: string
}

function liveCandidates(db: Db) {
  return withLiveCandidate(db)
    .innerJoin('environment', 'environment.id', 'live.environment_id')
    .select(['environment.project_id', 'live.environment_id'])
    .select((eb) => [
      eb.fn.coalesce('candidate.id', 'before.candidate_id').as('candidate_id'),
      eb.fn.coalesce('candidate.release_id', 'before.release_id').as('release_id'),
      eb.fn.coalesce('before.deployment_id', 'deployment.id').as('deployment_id'),
    ])
    .where((eb) => eb.or([eb('candidate.id', 'is not', null), eb('before.candidate_id', 'is not', null)]))
    .$narrowType<{ candidate_id: string; release_id: string; deployment_id: string }>()
}

/** In each of these environments where one is live: what a project of code has there is one item. */
export function listLiveCandidates(db: Db, environmentIds: readonly string[]): Promise<LiveCandidate[]> {
  return liveCandidates(db)
    .where('live.environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .execute()
}

/** In every environment of these projects. */
export function listLiveCandidatesOfProjects(
  db: Db,
  projectIds: readonly string[],
): Promise<LiveCandidate[]> {
  return liveCandidates(db)
    .where('environment.project_id', '=', sql<string>`any(${sql.val(projectIds)}::uuid[])`)
    .execute()
}
