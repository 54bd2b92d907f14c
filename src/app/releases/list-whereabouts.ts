import { DomainError } from '#domain/errors.ts'
import { scopeOfKind } from '#domain/revision.ts'
import { whereaboutsOf, type Whereabouts } from '#domain/whereabouts.ts'
import { listPresence, type PresenceRow } from '#store/release-presence.ts'
import { findRevisionByNumber } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readableEnvironments, readRelease, type ReleaseNamed } from './read-place.ts'

export interface ReleaseWhereabouts extends PresenceRow {
  whereabouts: Whereabouts
}

/**
 * Where a release is, as it is now or at one of its revisions: wholly, partly or not in each environment that the
 * caller may see, in pipeline order. Throws `not_found`.
 */
export async function listWhereabouts(
  ctx: Context,
  input: ReleaseNamed & { revision?: number | undefined },
): Promise<ReleaseWhereabouts[]> {
  const { project_id, release_id, revision } = input
  const { project } = await readRelease(ctx, input)
  authorize(ctx, 'live.read', { project_id })
  const environments = await readableEnvironments(ctx, project_id)
  const pinned = revision === undefined ? undefined : await findRevisionByNumber(ctx.db, release_id, revision)
  if (revision !== undefined && !pinned)
    throw new DomainError('not_found', { what: 'revision', id: String(revision) })
  const scope = pinned?.scope ?? scopeOfKind(project.kind)
  const found = await listPresence(ctx.db, pinned ? { revision_id: pinned.id } : { release_id }, {
    environment_ids: environments.map(({ id }) => id),
    whole: scope === 'whole_state',
  })
  return found.map((row) => ({ ...row, whereabouts: whereaboutsOf(row) }))
}
