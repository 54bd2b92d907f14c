import { DomainError } from '#domain/errors.ts'
import { findProjectByKey, type ProjectRow } from '#store/project.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * The project that a key stands for, remembered: for what lies in it. Whoever wants the project as it is now gets it
 * by `getProjectByKey`. Throws `not_found`, also where the caller may not read it.
 */
export async function locateProject(ctx: Context, { key }: { key: string }): Promise<ProjectRow> {
  const project = await memoryOf(ctx).recall(`project ${key}`, ctx.now().getTime(), () =>
    findProjectByKey(ctx.db, key),
  )
  if (!project) throw new DomainError('not_found', { what: 'project', id: key })
  authorizeNamed(ctx, 'project.read', { project_id: project.id }, { what: 'project', id: key })
  return project
}
