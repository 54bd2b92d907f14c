import { listInfraEnvironments, type InfraEnvironmentRow } from '#store/infra-environment.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** What infrastructure knows of environments of a project, by environment. */
export async function listInfraFacts(
  ctx: Context,
  { project_id, environment_ids }: { project_id: string; environment_ids: readonly string[] },
): Promise<Map<string, InfraEnvironmentRow>> {
  authorize(ctx, 'project.read', { project_id })
  const found = environment_ids.length === 0 ? [] : await listInfraEnvironments(ctx.db, environment_ids)
  return new Map(found.map((row) => [row.environment_id, row]))
}
