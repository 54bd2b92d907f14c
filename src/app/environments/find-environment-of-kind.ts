import { DomainError } from '#domain/errors.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findProject, type ProjectRow } from '#store/project.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * An environment by its own id, of a project of this kind. Throws `not_found`, naming it as the caller named it, also
 * where the caller may not see it.
 */
export async function findEnvironmentOfKind(
  ctx: Context,
  { environment_id, kind, called }: { environment_id: string; kind: ProjectRow['kind']; called: string },
): Promise<EnvironmentRow> {
  const named = { what: 'environment' as const, id: called }
  const row = await findEnvironment(ctx.db, environment_id)
  if (!row) throw new DomainError('not_found', named)
  const { project_id } = row
  const project = await memoryOf(ctx).recall(`kind of ${project_id}`, ctx.now().getTime(), () =>
    findProject(ctx.db, project_id),
  )
  if (project?.kind !== kind) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'project.read', { project_id, environment_id }, named)
  return row
}
