import { markUncertain } from '#store/live-uncertain-write.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { moveRun } from '#store/run.ts'
import { transact, type Context } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import type { Taken } from './take-dispatch.ts'

const reason = 'The process that ran it is gone.'

/**
 * Puts back what was lost and may be done again, or looked for: a deployment is planned anew, and what it was to change
 * is uncertain until it is done, unless it is `untouched`. False: it was asked to stop, or is somebody else's.
 */
export function requeueLost(ctx: Context, { work }: Taken, untouched = false): Promise<boolean> {
  const { id, attempt, project, environment, subject } = work
  const about = { project_id: project.id, environment_id: environment?.id ?? null, subject_id: id, reason }
  return transact(ctx, async (unit) => {
    const at = ctx.now()
    if (subject.run_id === undefined) {
      const move = { id, from: 'applying', to: 'queued', attempt, at } as const
      if (!(await moveDeployment(unit.tx, move))) return false
      if (!untouched && work.plan) await markUncertain(unit.tx, { id, plan_id: work.plan.id, at })
      unit.record({ kind: 'deployment.requeued', ...about, data: { attempt } })
      unit.wake({ name: 'run-environment', data: { environment_id: environment!.id } })
    } else {
      if (!(await moveRun(unit.tx, { id, from: 'running', to: 'queued', attempt, at }))) return false
      unit.record({ kind: 'run.requeued', ...about, data: { attempt } })
      unit.wake({ name: 'run-executor', data: { run_id: id } })
    }
    await noteInLog(ctx, unit.tx, subject, `${reason} It is queued again.`)
    return true
  })
}
