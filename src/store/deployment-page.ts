import { sql } from 'kysely'
import type { Db } from './database.ts'
import { withNames, type NamedDeployment } from './deployment.ts'
import { idsOfEach, type EachPage } from './page-each.ts'

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
): Promise<NamedDeployment[]> {
  const ids = idsOfEach({
    from: sql`deployment`,
    list: environment_ids ? sql`one.environment_id` : sql`one.revision_id`,
    ...{ key: sql`one.id`, type: sql`uuid`, ids: environment_ids ?? revision_ids ?? [], page },
    where: bound_to && sql`one.environment_id = any(${sql.val(bound_to)}::uuid[])`,
  })
  return withNames(db).where('deployment.id', 'in', ids).orderBy('deployment.id', 'desc').execute()
}
