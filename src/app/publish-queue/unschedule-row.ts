import { DomainError } from '#domain/errors.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import { findDeployedState } from '#store/release-deployment.ts'
import { lockDeployment } from '#store/deployment.ts'
import { updateRelease } from '#store/release.ts'
import { transact, type Context } from '../context.ts'
import { authorizeCancel, cancelDeploymentIn } from '../deployments/cancel-deployment.ts'
import { requireDeployment } from '../deployments/deployment-view.ts'
import { holdRelease } from '../releases/release-view.ts'
import { getQueueRow, type QueueRowName } from './get-queue-row.ts'
import type { QueueView } from './list-queue.ts'

/**
 * Cancels the deployment behind a row, which waits for its time: all that it was to bring to that environment. The
 * lock that scheduling left on a release goes with it where nothing else was deployed or is to be. Answers the row as it was.
 * Throws `not_found`, `not_possible_now`.
 */
export async function unscheduleRow(ctx: Context, name: QueueRowName): Promise<QueueView> {
  const row = await getQueueRow(ctx, name)
  const { deployment_id: id, release_id, release_name, one_shot } = row
  authorizeCancel(ctx, await requireDeployment(ctx.db, id))
  if (row.standing !== 'scheduled') throw notScheduled(id, row.state)
  await transact(ctx, async (unit) => {
    // As everybody who deploys does: the release first.
    const release = await holdRelease(unit.tx, name.project_id, release_id)
    const held = await lockDeployment(unit.tx, id)
    // What waits for something else than its time is not scheduled any more.
    const { state = 'canceled', due_at = null } = held ?? {}
    if (!held || state !== 'requested' || due_at === null || due_at <= ctx.now())
      throw notScheduled(id, state)
    await cancelDeploymentIn(ctx, unit, held, 'It was unscheduled.')
    if (one_shot || release.lock !== 'deployment' || (await findDeployedState(unit.tx, release_id))) return
    const unlocked = { lock: null, locked_by: null, locked_at: null, lock_reason: null }
    await updateRelease(unit.tx, release_id, unlocked)
    unit.record({
      kind: 'release.unlocked',
      project_id: name.project_id,
      subject_id: release_id,
      data: { name: release_name },
    })
  })
  return row
}

function notScheduled(id: string, state: DeploymentState): DomainError {
  return new DomainError('not_possible_now', { what: 'deployment', id, state, action: 'unschedule' })
}
