import { unlockStatesOf } from '#store/infra-state.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import type { WorkInHand } from './claim-deployment.ts'

/** Ends a deployment that was asked to stop while it was in hand. False: that is not why it is not ours any more. */
export function stopDeployment(
  ctx: Context,
  { id, attempt, project_id, environment_id }: WorkInHand,
): Promise<boolean> {
  return transact(ctx, async (unit) => {
    const move = { id, from: 'canceling', to: 'canceled', attempt, at: ctx.now() } as const
    if (!(await moveDeployment(unit.tx, move))) return false
    await unlockStatesOf(unit.tx, { deployment_id: id })
    unit.record({ kind: 'deployment.canceled', project_id, environment_id, subject_id: id })
    await noteWhereLogged(ctx, unit, id, 'canceled', { last: true })
    return true
  })
}
