import { DomainError } from '#domain/errors.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { listDeployments } from '#store/deployment.ts'
import { cancelDeploymentIn } from '../deployments/cancel-deployment.ts'
import { removeRelease as remove, updateRelease } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { holdRelease } from './release-view.ts'

/**
 * Removes a release. One that has deployments is kept for their history, out of every list; schedules of it are
 * canceled. Throws `not_found`, and `in_use` while a deployment of it runs.
 */
export async function removeRelease(
  ctx: Context,
  { project_id, release_id }: { project_id: string; release_id: string },
): Promise<void> {
  authorize(ctx, 'release.edit', { project_id })
  await transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, project_id, release_id)
    const deployments = await listDeployments(unit.tx, { project_id, release_id }, { limit: 1000 })
    for (const deployment of deployments.filter(({ state }) => !isFinal(state))) {
      if (deployment.state !== 'requested')
        throw new DomainError('in_use', {
          what: 'release',
          id: release_id,
          by: 'a deployment that is not over',
        })
      await cancelDeploymentIn(ctx, unit, deployment, 'Its release was deleted.')
    }
    if (deployments.length === 0) await remove(unit.tx, release_id)
    else await updateRelease(unit.tx, release_id, { removed_at: ctx.now() })
    unit.record({ kind: 'release.removed', project_id, subject_id: release_id, data: { name: release.name } })
  })
}
