import { DomainError } from '#domain/errors.ts'
import { may } from '#domain/principal.ts'
import type { Db } from '#store/database.ts'
import { findEnvironment, listEnvironments, type EnvironmentRow } from '#store/environment.ts'
import { findProject, type ProjectRow } from '#store/project.ts'
import type { ReleaseRow } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from './release-view.ts'

export interface ReleaseNamed {
  project_id: string
  release_id: string
}

/** A release that the caller may read, with its project. Throws `not_found`, `forbidden`. */
export async function readRelease(
  ctx: Context,
  { project_id, release_id }: ReleaseNamed,
): Promise<{ release: ReleaseRow; project: ProjectRow }> {
  authorize(ctx, 'release.read', { project_id })
  const release = await requireRelease(ctx.db, project_id, release_id)
  authorize(ctx, 'release.read', placeOf(release))
  return { release, project: await requireProject(ctx.db, project_id) }
}

async function requireProject(db: Db, id: string): Promise<ProjectRow> {
  const project = await findProject(db, id)
  if (!project) throw new DomainError('not_found', { what: 'project', id })
  return project
}

/** The environments of a project whose live items the caller may see. */
export async function readableEnvironments(ctx: Context, project_id: string): Promise<EnvironmentRow[]> {
  const { principal } = ctx
  const all = await listEnvironments(ctx.db, project_id)
  return all.filter(({ id }) => !principal || may(principal, 'live.read', { project_id, environment_id: id }))
}

/** One of them. Throws `not_found`, `forbidden`. */
export async function readEnvironment(
  ctx: Context,
  { project_id, environment_id }: { project_id: string; environment_id: string },
): Promise<EnvironmentRow> {
  authorize(ctx, 'live.read', { project_id, environment_id })
  const environment = await findEnvironment(ctx.db, environment_id)
  if (environment?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  return environment
}
