import { sql, type Generated, type GeneratedAlways, type Insertable, type Selectable } from 'kysely'
import type { CandidateState } from '#domain/candidate-lifecycle.ts'
import type { Cause } from '#domain/hold.ts'
import type { RunState } from '#domain/run-lifecycle.ts'
import type { Db } from './database.ts'

export interface CandidateTable {
  id: string
  /** As others outside know it. */
  ordinal: GeneratedAlways<number>
  project_id: string
  release_id: string
  number: number
  version: string
  state: CandidateState
  /** Null while it is picked. */
  commit_sha: string | null
  base_id: string | null
  branch: string | null
  revision_id: string | null
  build_run_id: string | null
  pick_run_id: string | null
  bundle_digest: string | null
  push_failure: string | null
  deploy_to: string | null
  cause: Cause
  failure_detail: string | null
  /** Raised with every change. */
  version_number: Generated<number>
  created_by: string | null
  created_at: Date
  ready_at: Date | null
}

export type CandidateRow = Selectable<CandidateTable>

/** With the names that people know things by, and with what builds and picks it. */
export type NamedCandidate = CandidateRow & {
  project_key: string
  release_version: string
  revision_number: number | null
  base_version: string | null
  build_state: RunState | null
  build_started_at: Date | null
  build_finished_at: Date | null
  pick_state: RunState | null
  /** How many commits were picked into it, or are to be. */
  picks: number
  created_by_email: string | null
}

export interface CandidateFilter {
  project_id: string
  release_id?: string
  state?: CandidateState
  commit_sha?: string
}

export function withNames(db: Db) {
  return db
    .selectFrom('candidate')
    .innerJoin('project', 'project.id', 'candidate.project_id')
    .innerJoin('release', 'release.id', 'candidate.release_id')
    .leftJoin('revision', 'revision.id', 'candidate.revision_id')
    .leftJoin('candidate as base', 'base.id', 'candidate.base_id')
    .leftJoin('run as build', 'build.id', 'candidate.build_run_id')
    .leftJoin('run as pick', 'pick.id', 'candidate.pick_run_id')
    .leftJoin('user', 'user.id', 'candidate.created_by')
    .selectAll('candidate')
    .select(['project.key as project_key', 'release.name as release_version', 'base.version as base_version'])
    .select(['revision.number as revision_number', 'build.state as build_state', 'pick.state as pick_state'])
    .select(['build.started_at as build_started_at', 'build.finished_at as build_finished_at'])
    .select('user.email as created_by_email')
    .select((eb) =>
      eb
        .selectFrom('candidate_pick')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('candidate_pick.candidate_id', '=', 'candidate.id')
        .where('candidate_pick.outcome', '!=', 'included')
        .$asScalar()
        .$notNull()
        .as('picks'),
    )
}

export function findCandidate(db: Db, id: string): Promise<NamedCandidate | undefined> {
  return withNames(db).where('candidate.id', '=', id).executeTakeFirst()
}

export function findCandidateByOrdinal(db: Db, ordinal: number): Promise<NamedCandidate | undefined> {
  return withNames(db).where('candidate.ordinal', '=', ordinal).executeTakeFirst()
}

export function findCandidateByVersion(
  db: Db,
  projectId: string,
  version: string,
): Promise<NamedCandidate | undefined> {
  return withNames(db)
    .where('candidate.project_id', '=', projectId)
    .where('candidate.version', '=', version)
    .executeTakeFirst()
}

/** Newest first, after the one of the ordinal `before`. */
export function listCandidates(
  db: Db,
  filter: CandidateFilter,
  page: { limit: number; before?: number },
): Promise<NamedCandidate[]> {
  let query = withNames(db)
    .where('candidate.project_id', '=', filter.project_id)
    .orderBy('candidate.ordinal', 'desc')
    .limit(page.limit)
  if (filter.release_id) query = query.where('candidate.release_id', '=', filter.release_id)
  if (filter.state) query = query.where('candidate.state', '=', filter.state)
  if (filter.commit_sha) query = query.where('candidate.commit_sha', '=', filter.commit_sha)
  if (page.before !== undefined) query = query.where('candidate.ordinal', '<', page.before)
  return query.execute()
}

/** Of many releases at once: each release's own, newest number first. */
export function listCandidatesOfReleases(db: Db, releaseIds: readonly string[]): Promise<NamedCandidate[]> {
  return withNames(db)
    .where('candidate.release_id', '=', sql<string>`any(${sql.val(releaseIds)}::uuid[])`)
    .orderBy('candidate.release_id')
    .orderBy('candidate.number', 'desc')
    .execute()
}

export function listCandidatesById(db: Db, ids: readonly string[]): Promise<NamedCandidate[]> {
  return withNames(db)
    .where('candidate.id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** Those that were cut, not picked: where the next cut begins. Newest first. */
export function listNewestCuts(
  db: Db,
  projectId: string,
  limit: number,
): Promise<{ id: string; version: string; commit_sha: string | null }[]> {
  return db
    .selectFrom('candidate')
    .select(['id', 'version', 'commit_sha'])
    .where('project_id', '=', projectId)
    .where('base_id', 'is', null)
    .where('pick_run_id', 'is', null)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute()
}

/** The newest of a release that can be deployed; held until the transaction ends. */
export function lockNewestReady(db: Db, releaseId: string): Promise<CandidateRow | undefined> {
  return db
    .selectFrom('candidate')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('state', '=', 'ready')
    .orderBy('number', 'desc')
    .limit(1)
    .forShare()
    .executeTakeFirst()
}

/** The revision of a release's newest candidate that can be deployed. */
export function findNewestReady(
  db: Db,
  releaseId: string,
): Promise<{ id: string; digest: string } | undefined> {
  return db
    .selectFrom('candidate')
    .innerJoin('revision', 'revision.id', 'candidate.revision_id')
    .select(['revision.id', 'revision.digest'])
    .where('candidate.release_id', '=', releaseId)
    .where('state', '=', 'ready')
    .orderBy('candidate.number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Whatever its state. */
export function findNewestCandidate(db: Db, releaseId: string): Promise<CandidateRow | undefined> {
  return db
    .selectFrom('candidate')
    .selectAll()
    .where('release_id', '=', releaseId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The one of this number, held until the transaction ends. */
export function lockCandidateOfNumber(
  db: Db,
  releaseId: string,
  number: number,
): Promise<CandidateRow | undefined> {
  return db
    .selectFrom('candidate')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('number', '=', number)
    .forShare()
    .executeTakeFirst()
}

/** The one that is this revision, held until the transaction ends. */
export function lockCandidateOfRevision(db: Db, revisionId: string): Promise<CandidateRow | undefined> {
  return db
    .selectFrom('candidate')
    .selectAll()
    .where('revision_id', '=', revisionId)
    .forShare()
    .executeTakeFirst()
}

/** Holds its row, so that its state stands still until the transaction ends. */
export function lockCandidate(db: Db, id: string): Promise<CandidateRow | undefined> {
  return db.selectFrom('candidate').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export function insertCandidate(db: Db, row: Insertable<CandidateTable>): Promise<CandidateRow> {
  return db.insertInto('candidate').values(row).returningAll().executeTakeFirstOrThrow()
}

/** What can change of a candidate. Its number, version and release never do. */
export type CandidateChange = Partial<
  Pick<
    CandidateRow,
    | 'commit_sha'
    | 'branch'
    | 'revision_id'
    | 'build_run_id'
    | 'pick_run_id'
    | 'bundle_digest'
    | 'push_failure'
    | 'deploy_to'
    | 'failure_detail'
    | 'ready_at'
  >
>

/** Compare-and-swap along one arrow. Undefined: it was not there any more. */
export function moveCandidate(
  db: Db,
  { id, from, to, ...change }: { id: string; from: CandidateState; to: CandidateState } & CandidateChange,
): Promise<CandidateRow | undefined> {
  return db
    .updateTable('candidate')
    .set({ ...change, state: to, version_number: sql<number>`version_number + 1` })
    .where('id', '=', id)
    .where('state', '=', from)
    .returningAll()
    .executeTakeFirst()
}

export function updateCandidate(
  db: Db,
  id: string,
  change: CandidateChange,
): Promise<CandidateRow | undefined> {
  return db
    .updateTable('candidate')
    .set({ ...change, version_number: sql<number>`version_number + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}
