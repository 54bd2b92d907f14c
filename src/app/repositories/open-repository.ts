import { DomainError } from '#domain/errors.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { findCodeSettings, type NamedCodeSettings } from '#store/code-settings.ts'
import { findRepository, type RepositoryRow } from '#store/repository.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { patience, remoteOf, unreachable } from './remote-of.ts'

export interface OpenRepository {
  settings: NamedCodeSettings
  repository: RepositoryRow
  /** As it was fetched last; made now where there is none yet. */
  mirror: Mirror
}

/**
 * What a project of code releases from. Throws `not_found` for a project that is none of code, and
 * `repository_unreachable` where it was never fetched and cannot be.
 */
export async function openRepository(ctx: Context, project_id: string): Promise<OpenRepository> {
  const { settings, repository } = await findRepositoryOf(ctx, project_id)
  try {
    return { settings, repository, mirror: await ctx.mirrors.open(remoteOf(ctx, repository), patience()) }
  } catch (error) {
    throw unreachable(repository, error)
  }
}

/** The same without looking at git. */
export async function findRepositoryOf(
  ctx: Context,
  project_id: string,
): Promise<Omit<OpenRepository, 'mirror'>> {
  authorize(ctx, 'catalogue.read', { project_id })
  const settings = await findCodeSettings(ctx.db, project_id)
  const repository = settings && (await findRepository(ctx.db, settings.repository_id))
  if (!repository) throw new DomainError('not_found', { what: 'repository', id: project_id })
  return { settings, repository }
}
