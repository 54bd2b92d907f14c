import { DomainError } from '#domain/errors.ts'
import { findReleaseProject } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** The project of a release that is named by its id alone. Throws `not_found`. */
export async function locateRelease(ctx: Context, { release_id }: { release_id: string }): Promise<string> {
  const project_id = await findReleaseProject(ctx.db, release_id)
  if (project_id === undefined) throw new DomainError('not_found', { what: 'release', id: release_id })
  authorize(ctx, 'release.read', { project_id })
  return project_id
}
