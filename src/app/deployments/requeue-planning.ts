import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import type { WorkInHand } from './claim-deployment.ts'

const reason = 'The server was stopped while it was planned.'

/** Hands back what was being planned when this process has to end: whoever works next plans it anew. */
export function requeuePlanning(
  ctx: Context,
  { id, attempt, project_id, environment_id }: WorkInHand,
): Promise<undefined> {
  return transact(ctx, async (unit) => {
    const move = { id, from: 'planning', to: 'queued', attempt, at: ctx.now() } as const
    if (!(await moveDeployment(unit.tx, move))) return undefined
    const about = { project_id, environment_id, subject_id: id, reason }
    unit.record({ kind: 'deployment.requeued', ...about, data: { attempt } })
    await noteWhereLogged(ctx, unit, id, `${reason} It is queued again.`)
    unit.wake({ name: 'run-environment', data: { environment_id } })
    return undefined
  })
}
