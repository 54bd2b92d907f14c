import type { Annotations } from '#store/columns.ts'
import { findProject } from '#store/project.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * What is noted of a project, for what a surface has to know of it at every request: remembered until the project or
 * the configuration changes. It authorises nobody: what is read here is not to be told.
 */
export async function recallAnnotations(
  house: Pick<House, 'db' | 'now'>,
  { project_id }: { project_id: string },
): Promise<Annotations> {
  const load = async () => (await findProject(house.db, project_id))?.annotations
  const key = `annotations ${project_id}`
  return (await memoryOf(house).recall(key, house.now().getTime(), load)) ?? {}
}
