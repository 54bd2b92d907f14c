import { findNamedBranch } from '#store/content-branch-alias.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * The uid of the branch that a name means, its own or an alias; undefined for none. Remembered until a branch or an
 * alias changes. It authorises nobody: who may read the branch is asked where it is read.
 */
export function resolveBranch(
  house: Pick<House, 'db' | 'now'>,
  { project_id, name }: { project_id: string; name: string },
): Promise<string | undefined> {
  return memoryOf(house).recall(`branch ${project_id} ${name}`, house.now().getTime(), () =>
    findNamedBranch(house.db, { project_id, name }),
  )
}
