import { sql } from 'kysely'
import type { Db } from './database.ts'

/** A resource that a deployment gave another artifact than it had. */
export interface ToldArtifact {
  deployment_id: string
  /** The resource's name. */
  name: string
  uri: string
}

/** Where a resource has its artifact: at the path that its module declares, dots between the steps. */
const at = (content: string) =>
  sql`${sql.ref(content)} -> 'instance' #>> string_to_array(module.contract ->> 'artifact_path', '.')`

/** Of these deployments what they brought, in the order of their plans, in one statement. */
export async function listToldArtifacts(db: Db, deploymentIds: readonly string[]): Promise<ToldArtifact[]> {
  if (deploymentIds.length === 0) return []
  const { rows } = await sql<ToldArtifact>`
    select item.deployment_id, item.title as name, ${at('brought.content')} as uri
    from deployment_item item join deployment on deployment.id = item.deployment_id
    join infra_resource brought on brought.project_id = deployment.project_id and brought.version = item.after
    join infra_module module on module.digest = brought.module_digest and module.contract ? 'artifact_path'
    left join infra_resource had on had.project_id = deployment.project_id and had.version = item.before
    where item.deployment_id = any(${sql.val(deploymentIds)}::uuid[]) and item.outcome = 'done'
      and ${at('brought.content')} is distinct from ${at('had.content')} and ${at('brought.content')} is not null
    order by item.deployment_id, item.position
  `.execute(db)
  return rows
}
