import { DomainError } from '#domain/errors.ts'
import { cancelDeploymentIn } from '../deployments/cancel-deployment.ts'
import { findAnyDeployment, listUnfinishedDeployments } from '#store/release-deployment.ts'
import { removeRelease as remove, updateRelease } from '#store/release.ts'
import { findExternalIdsOf, removeExternalIdsOf } from '#store/external-id.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { holdRelease, placeOf } from './release-view.ts'

/**
 * Removes a release. One that has deployments is kept for their history, out of every list; schedules of it are
 * canceled. Throws `not_found`, `version_conflict`, and `in_use` while a deployment of it runs.
 */
export async function removeRelease(
  ctx: Context,
  { project_id, release_id, version }: { project_id: string; release_id: string; version?: number },
): Promise<void> {
  authorize(ctx, 'release.edit', { project_id })
  await transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, project_id, release_id)
    authorize(ctx, 'release.edit', placeOf(release))
    requireVersion('release', release, version)
    for (const deployment of await listUnfinishedDeployments(unit.tx, release_id)) {
      if (deployment.state !== 'requested')
        throw new DomainError('in_use', {
          what: 'release',
          id: release_id,
          by: 'a deployment that is not over',
        })
      await cancelDeploymentIn(ctx, unit, deployment, 'Its release was deleted.')
    }
    const { name, branch } = release
    // Its numbers are burned, whatever became of them.
    if (release.project_kind === 'code')
      throw new DomainError('in_use', {
        what: 'release',
        id: release_id,
        by: 'the numbers of its candidates',
      })
    // Who hears of it later cannot look any of this up any more.
    const known_as = await findExternalIdsOf(unit.tx, release_id)
    if (await findAnyDeployment(unit.tx, release_id))
      await updateRelease(unit.tx, release_id, { removed_at: ctx.now() })
    else {
      await removeExternalIdsOf(unit.tx, [release_id])
      await remove(unit.tx, release_id)
    }
    const data = { name, ...(branch === null ? {} : { branch }), known_as }
    unit.record({ kind: 'release.removed', project_id, subject_id: release_id, data })
  })
}
