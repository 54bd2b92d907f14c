import { blocksApplying } from '#domain/gates.ts'
import { findDeployment } from '#store/deployment.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import type { Context, Unit } from '../context.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/**
 * Puts a deployment that is applying, but of which nothing was begun, back into the queue where a gate was shut since it
 * was planned or approved. Inside a transaction that holds its row. Returns whether it was put back.
 */
export async function putBackShut(ctx: Context, unit: Unit, id: string): Promise<boolean> {
  const row = await findDeployment(unit.tx, id)
  if (row?.state !== 'applying') return false
  const [facts] = await loadGateFacts(unit.tx, [subjectOf(row)], ctx.now())
  const shut = facts ? blocksApplying(facts) : []
  if (shut.length === 0) return false
  const { attempt, project_id, environment_id } = row
  if (!(await moveDeployment(unit.tx, { id, from: 'applying', to: 'queued', attempt, at: ctx.now() })))
    return false
  const reason = shut.map(({ detail }) => detail).join(' ')
  unit.record({
    kind: 'deployment.requeued',
    project_id,
    environment_id,
    subject_id: id,
    reason,
    data: { attempt },
  })
  unit.wake({ name: 'run-environment', data: { environment_id } })
  return true
}
