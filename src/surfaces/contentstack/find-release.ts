import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { getRelease } from '#app/releases/get-release.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { DomainError } from '#domain/errors.ts'
import { surface } from './ids.ts'
import type { StackCall } from './route.ts'

/** The release of the address, or of a uid. Throws `not_found`, also for one of another stack or branch. */
export async function findRelease(call: StackCall, uid = call.params.release ?? ''): Promise<ReleaseView> {
  const release_id = await resolveExternal(call.house, surface, 'release', uid)
  if (!release_id) throw new DomainError('not_found', { what: 'release', id: uid })
  const release = await getRelease(call.ctx, { project_id: call.project_id, release_id })
  if ((release.branch ?? call.branch) !== call.branch)
    throw new DomainError('not_found', { what: 'release', id: uid })
  return release
}
