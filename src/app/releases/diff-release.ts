import { DomainError } from '#domain/errors.ts'
import { scopeOfKind } from '#domain/revision.ts'
import { diffLive, diffPinned, type DiffPage, type DiffRow } from '#store/release-diff.ts'
import { findRevisionPlace } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readEnvironment, readRelease, type ReleaseNamed } from './read-place.ts'
import { placeOf, requireRelease } from './release-view.ts'

/** What a release is held against. */
export type Against = { revision_id: string } | { release_id: string } | { environment_id: string }

/**
 * How a release, as it is now, differs from one of the project's revisions, from another release, or from what is
 * live in an environment: item by item, by key. Throws `not_found`.
 */
export async function diffRelease(
  ctx: Context,
  { against, project_id, release_id, ...page }: ReleaseNamed & { against: Against } & DiffPage,
): Promise<DiffRow[]> {
  const { project } = await readRelease(ctx, { project_id, release_id })
  const here = { release_id }
  if ('environment_id' in against) {
    const { id: environment_id } = await readEnvironment(ctx, { project_id, ...against })
    const whole = scopeOfKind(project.kind) === 'whole_state'
    return diffLive(ctx.db, here, { environment_id, whole }, page)
  }
  const of = 'release_id' in against ? against.release_id : await releaseOf(ctx, project_id, against)
  authorize(ctx, 'release.read', placeOf(await requireRelease(ctx.db, project_id, of)))
  return diffPinned(ctx.db, here, against, page)
}

async function releaseOf(
  ctx: Context,
  project_id: string,
  { revision_id }: { revision_id: string },
): Promise<string> {
  const place = await findRevisionPlace(ctx.db, revision_id)
  if (place?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'revision', id: revision_id })
  return place.release_id
}
