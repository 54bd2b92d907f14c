import type { DeploymentState } from '#domain/lifecycle.ts'
import type { ReportedStatus } from '#domain/reported-status.ts'
import type { Db } from './database.ts'

/** A deployment of a candidate as those are told who deploy by their own means: in the names of versions and people. */
export interface ToldDeployment {
  id: string
  number: number
  environment_id: string
  environment_name: string
  state: DeploymentState
  driver: 'engine' | 'inline' | 'caller'
  reported: ReportedStatus | null
  failure_code: string | null
  failure_detail: string | null
  release_version: string
  candidate_version: string | null
  /** What was all that was live when it was asked for. */
  from_release_version: string | null
  from_candidate_version: string | null
  /** The e-mail address of who asked for it. */
  actor: string | null
  rolls_back: string | null
  requested_at: Date
  finished_at: Date | null
}

function told(db: Db) {
  return db
    .selectFrom('deployment')
    .innerJoin('environment', 'environment.id', 'deployment.environment_id')
    .innerJoin('release', 'release.id', 'deployment.release_id')
    .leftJoin('candidate', 'candidate.revision_id', 'deployment.revision_id')
    .leftJoin('candidate as before', 'before.revision_id', 'deployment.from_revision_id')
    .leftJoin('release as release_before', 'release_before.id', 'before.release_id')
    .leftJoin('user', 'user.id', 'deployment.requested_by')
    .select(['deployment.id', 'deployment.number', 'deployment.environment_id', 'deployment.state'])
    .select(['deployment.driver', 'deployment.reported', 'deployment.failure_code', 'deployment.rolls_back'])
    .select(['deployment.failure_detail', 'deployment.requested_at', 'deployment.finished_at'])
    .select(['environment.name as environment_name', 'release.name as release_version'])
    .select(['candidate.version as candidate_version', 'before.version as from_candidate_version'])
    .select(['release_before.name as from_release_version', 'user.email as actor'])
}

export function findToldDeployment(db: Db, id: string): Promise<ToldDeployment | undefined> {
  return told(db).where('deployment.id', '=', id).executeTakeFirst()
}

/** Newest first, by number; without dry runs, which deployed nothing. */
export function listToldDeployments(
  db: Db,
  { project_id, environment_id }: { project_id: string; environment_id: string },
  { limit, offset }: { limit: number; offset: number },
): Promise<ToldDeployment[]> {
  return told(db)
    .where('deployment.environment_id', '=', environment_id)
    .where('deployment.project_id', '=', project_id)
    .where('deployment.dry_run', '=', false)
    .orderBy('deployment.number', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
}
