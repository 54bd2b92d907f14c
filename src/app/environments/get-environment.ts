import { DomainError } from '#domain/errors.ts'
import { may } from '#domain/principal.ts'
import {
  findEnvironment,
  findEnvironmentByName,
  listEnvironments as rows,
  type EnvironmentRow,
} from '#store/environment.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** Throws `not_found`, also for an environment of another project, or beyond those that the caller is bound to. */
export async function getEnvironment(
  ctx: Context,
  { project_id, environment_id }: { project_id: string; environment_id: string },
): Promise<EnvironmentRow> {
  authorize(ctx, 'project.read', { project_id })
  const row = await findEnvironment(ctx.db, environment_id)
  if (row?.project_id !== project_id || !reaches(ctx, row))
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  return row
}

/** As getEnvironment, by its name. */
export async function getEnvironmentByName(
  ctx: Context,
  { project_id, name }: { project_id: string; name: string },
): Promise<EnvironmentRow> {
  authorize(ctx, 'project.read', { project_id })
  const row = await findEnvironmentByName(ctx.db, project_id, name)
  if (!row || !reaches(ctx, row)) throw new DomainError('not_found', { what: 'environment', id: name })
  return row
}

/** All of a project that the caller may see, in pipeline order. */
export async function listEnvironments(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<EnvironmentRow[]> {
  authorize(ctx, 'project.read', { project_id })
  const all = await rows(ctx.db, project_id)
  return all.filter((row) => reaches(ctx, row))
}

/** A token that is bound to environments sees no other. */
function reaches({ principal }: Context, { project_id, id }: EnvironmentRow): boolean {
  return principal === null || may(principal, 'project.read', { project_id, environment_id: id })
}
