import { resolveHead, type Head } from '#catalogue/code/resolve-commit.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import type { RepositoryRow } from '#store/repository.ts'
import { authorize } from '../authorize.ts'
import type { Context, House } from '../context.ts'
import { findRepositoryOf, type OpenRepository } from './open-repository.ts'
import { patience, remoteOf, unreachable } from './remote-of.ts'

/**
 * Fetches what a project releases from. `head`: where the project's branch stands now, if there is one. Throws
 * `not_found`, `repository_unreachable`.
 */
export async function fetchRepository(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<OpenRepository & { head: Head | undefined }> {
  authorize(ctx, 'catalogue.edit', { project_id })
  const found = await findRepositoryOf(ctx, project_id)
  const mirror = await refreshMirror(ctx, found.repository)
  return { ...found, mirror, head: await resolveHead(mirror, found.settings.branch) }
}

/** The mirror, as the repository is now. Throws `repository_unreachable`. */
export async function refreshMirror(
  house: House,
  repository: RepositoryRow,
  signal = patience(),
): Promise<Mirror> {
  try {
    return await house.mirrors.fetch(remoteOf(house, repository), { fresh: true, signal })
  } catch (error) {
    throw unreachable(repository, error)
  }
}
