import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'
import { idsOfEach, type EachPage } from './page-each.ts'

const columns = [
  'id',
  'number',
  'project_id',
  'environment_id',
  'revision_id',
  'from_revision_id',
  'rolls_back',
  'state',
  'driver',
  'reported',
  'dry_run',
  'due_at',
  'reason',
  'failure_code',
  'failure_detail',
  'counts',
  'requested_at',
  'started_at',
  'finished_at',
] as const

/** A deployment as lists of many show it, without what its gates ask for. */
export interface DeploymentHead extends Pick<DeploymentRow, (typeof columns)[number]> {
  release_branch: string | null
  /** The e-mail address of who asked for it. */
  requested_by_email: string | null
}

function heads(db: Db) {
  return db
    .selectFrom('deployment')
    .innerJoin('release', 'release.id', 'deployment.release_id')
    .leftJoin('user', 'user.id', 'deployment.requested_by')
    .select(columns.map((name) => `deployment.${name}` as const))
    .select(['release.branch as release_branch', 'user.email as requested_by_email'])
}

/** In no order. */
export function listDeploymentHeads(db: Db, ids: readonly string[]): Promise<DeploymentHead[]> {
  return heads(db)
    .where('deployment.id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** What several lists of deployments are of. */
export interface DeploymentsOf {
  environment_ids?: readonly string[]
  revision_ids?: readonly string[]
  /** Only to these environments. */
  bound_to?: readonly string[] | undefined
}

/** A page of the deployments to each environment, or of each revision, newest first. */
export function pageDeployments(
  db: Db,
  { environment_ids, revision_ids, bound_to }: DeploymentsOf,
  page: EachPage<string>,
): Promise<DeploymentHead[]> {
  const ids = idsOfEach({
    from: sql`deployment`,
    list: environment_ids ? sql`one.environment_id` : sql`one.revision_id`,
    ...{ key: sql`one.id`, type: sql`uuid`, ids: environment_ids ?? revision_ids ?? [], page },
    where: bound_to && sql`one.environment_id = any(${sql.val(bound_to)}::uuid[])`,
  })
  return heads(db).where('deployment.id', '=', ids).orderBy('deployment.id', 'desc').execute()
}
