import type { Mirror } from '#ground/git/mirrors.ts'
import type { RepositoryRow } from '#store/repository.ts'
import { authorize } from '../authorize.ts'
import type { Context, House } from '../context.ts'
import { findRepositoryOf, type OpenRepository } from './open-repository.ts'
import { remoteOf, unreachable } from './remote-of.ts'

/** Fetches what a project releases from. Throws `not_found`, `repository_unreachable`. */
export async function fetchRepository(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<OpenRepository> {
  authorize(ctx, 'catalogue.edit', { project_id })
  const found = await findRepositoryOf(ctx, project_id)
  return { ...found, mirror: await refreshMirror(ctx, found.repository) }
}

/** The mirror, as the repository is now. Throws `repository_unreachable`. */
export async function refreshMirror(
  house: House,
  repository: RepositoryRow,
  signal?: AbortSignal,
): Promise<Mirror> {
  try {
    return await house.mirrors.fetch(remoteOf(house, repository), {
      fresh: true,
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    throw unreachable(repository, error)
  }
}
