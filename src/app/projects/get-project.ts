import { DomainError } from '#domain/errors.ts'
import { findProject, findProjectByKey, type ProjectRow } from '#store/project.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'

/** Throws `not_found`. */
export async function getProject(ctx: Context, { project_id }: { project_id: string }): Promise<ProjectRow> {
  authorize(ctx, 'project.read', { project_id })
  const project = await findProject(ctx.db, project_id)
  if (!project) throw new DomainError('not_found', { what: 'project', id: project_id })
  return project
}

/** Throws `not_found`, also where the caller may not read it: keys of others' projects are not told. */
export async function getProjectByKey(ctx: Context, { key }: { key: string }): Promise<ProjectRow> {
  const project = await findProjectByKey(ctx.db, key)
  if (!project) throw new DomainError('not_found', { what: 'project', id: key })
  authorizeNamed(ctx, 'project.read', { project_id: project.id }, { what: 'project', id: key })
  return project
}
