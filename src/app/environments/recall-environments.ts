import { listEnvironments } from '#store/environment.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * The environments of a project by name, remembered, see Memory: readers name one with every request. For resolving
 * names only; what may be told of them is the caller's to authorise.
 */
export async function recallEnvironments(
  house: Pick<House, 'db' | 'now'>,
  project_id: string,
): Promise<ReadonlyMap<string, string>> {
  const load = async () =>
    new Map((await listEnvironments(house.db, project_id)).map(({ name, id }) => [name, id]))
  const found = await memoryOf(house).recall(`environments ${project_id}`, house.now().getTime(), load)
  return found ?? load()
}
