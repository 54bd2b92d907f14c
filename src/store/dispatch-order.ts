import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Change } from '#domain/plan.ts'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** A deployment as its executor is told of it. */
export interface DeploymentOrder {
  id: string
  state: DeploymentState
  attempt: number
  project_id: string
  project_key: string
  project_kind: string
  number: number
  environment_id: string
  environment_name: string
  executor: string
  executor_settings: JsonObject
  requested_by: string | null
  release_id: string
  release_name: string
  revision_id: string
  revision_number: number
  revision_digest: string
  on_item_failure: 'stop' | 'continue'
  plan_id: string | null
  plan_digest: string | null
  changes: Change[] | null
  /** What carries out exactly this plan, where it was made outside. */
  kept: JsonObject | null
}

export function findDeploymentOrder(db: Db, id: string): Promise<DeploymentOrder | undefined> {
  return db
    .selectFrom('deployment')
    .innerJoin('project', 'project.id', 'deployment.project_id')
    .innerJoin('environment', 'environment.id', 'deployment.environment_id')
    .innerJoin('release', 'release.id', 'deployment.release_id')
    .innerJoin('revision', 'revision.id', 'deployment.revision_id')
    .leftJoin('plan', 'plan.id', 'deployment.plan_id')
    .select(['deployment.id', 'deployment.state', 'deployment.attempt', 'deployment.project_id'])
    .select(['project.key as project_key', 'project.kind as project_kind', 'deployment.number'])
    .select([
      'deployment.environment_id',
      'deployment.on_item_failure',
      'environment.name as environment_name',
    ])
    .select(['environment.executor', 'environment.executor_settings'])
    .select(['deployment.requested_by', 'deployment.release_id', 'release.name as release_name'])
    .select(['deployment.revision_id', 'revision.number as revision_number'])
    .select(['revision.digest as revision_digest', 'deployment.plan_id'])
    .select(['plan.digest as plan_digest', 'plan.changes', 'plan.kept'])
    .where('deployment.id', '=', id)
    .executeTakeFirst()
}

/** A candidate as whoever deploys, builds or picks it is told of it. */
export interface CandidateOrder {
  id: string
  ordinal: number
  version: string
  commit_sha: string | null
  branch: string | null
  release_version: string
  repository: string
  previous_sha: string | null
  previous_version: string | null
}

/** By itself or by its revision, beside what is live of its repository in an environment. */
export function findCandidateOrder(
  db: Db,
  { environment_id, ...by }: ({ id: string } | { revision_id: string }) & { environment_id: string | null },
): Promise<CandidateOrder | undefined> {
  return db
    .selectFrom('candidate')
    .innerJoin('release', 'release.id', 'candidate.release_id')
    .innerJoin('code_settings', 'code_settings.project_id', 'candidate.project_id')
    .innerJoin('repository', 'repository.id', 'code_settings.repository_id')
    .leftJoin('live', (join) =>
      join.onRef('live.item_key', '=', 'repository.name').on('live.environment_id', '=', environment_id),
    )
    .leftJoin('deployment as before', 'before.id', 'live.deployment_id')
    .leftJoin('candidate as previous', (join) =>
      join
        .onRef('previous.revision_id', '=', 'before.revision_id')
        .onRef('previous.commit_sha', '=', 'live.version'),
    )
    .select(['candidate.id', 'candidate.ordinal', 'candidate.version', 'candidate.commit_sha'])
    .select(['release.name as release_version', 'repository.name as repository'])
    .select((eb) => eb.fn.coalesce('candidate.branch', 'code_settings.branch').as('branch'))
    .select(['live.version as previous_sha', 'previous.version as previous_version'])
    .where((eb) =>
      'id' in by ? eb('candidate.id', '=', by.id) : eb('candidate.revision_id', '=', by.revision_id),
    )
    .executeTakeFirst()
}

/** What is watched while an executor is at it. */
export async function findStateOf(
  db: Db,
  subject: { deployment_id?: string; run_id?: string },
): Promise<{ state: string; attempt: number } | undefined> {
  const { deployment_id, run_id } = subject
  if (run_id !== undefined)
    return db.selectFrom('run').select(['state', 'attempt']).where('id', '=', run_id).executeTakeFirst()
  return db
    .selectFrom('deployment')
    .select(['state', 'attempt'])
    .where('id', '=', deployment_id ?? null)
    .executeTakeFirst()
}
