import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { findCodeProject } from '#app/projects/find-code-project.ts'
import type { Call } from './route.ts'

/**
 * The project that the address names, by its key or its display name. Names are told apart by case, whatever the
 * router does with the rest of the path (section 2). Throws `not_found`.
 */
export async function findProject({ ctx, params }: Pick<Call, 'ctx' | 'params'>): Promise<string> {
  return (await findCodeProject(ctx, { name: params.project ?? '' })).id
}

/** The environment that the address names, of the project that it names. Throws `not_found`, of the project first. */
export async function findEnvironment(
  call: Pick<Call, 'ctx' | 'params'>,
): Promise<{ project_id: string; environment_id: string }> {
  const project_id = await findProject(call)
  const name = call.params.environment ?? ''
  const { id } = await getEnvironmentByName(call.ctx, { project_id, name })
  return { project_id, environment_id: id }
}
