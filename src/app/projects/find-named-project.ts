import { DomainError } from '#domain/errors.ts'
import { listProjectsCalled, type ProjectRow } from '#store/project.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * The project of a kind that is called so: by its key, else by its display name, upper and lower case told apart.
 * Remembered, see Memory. Throws `not_found`, also where the caller may not read it, and where several share the name.
 */
export async function findNamedProject(
  ctx: Context,
  { kind, name }: { kind: ProjectRow['kind']; name: string },
): Promise<ProjectRow> {
  const load = async () => {
    const called = await listProjectsCalled(ctx.db, { kind, name })
    return called.length === 0 ? undefined : called
  }
  const called = (await memoryOf(ctx).recall(`${kind} ${name}`, ctx.now().getTime(), load)) ?? []
  const seen = called.filter(({ id }) => allows(ctx, 'project.read', { project_id: id }))
  const found = seen.find(({ key }) => key === name) ?? (seen.length === 1 ? seen[0] : undefined)
  if (!found) throw new DomainError('not_found', { what: 'project', id: name })
  return found
}
