import { renameHold } from '#domain/hold.ts'
import type { DeploymentRow } from '#store/deployment.ts'
import { insertHold, listRolledBackChain, lockOpenHold, updateHold } from '#store/hold.ts'
import { authorIn, type Context, type Unit } from '../context.ts'

/**
 * What a rollback leaves on its environment, inside its transaction: the revision that is rolled back from is named,
 * one that this brings back is named no more. The caller authorises.
 */
export async function setHoldIn(
  ctx: Context,
  unit: Unit,
  { id: rollback_id, project_id, environment_id, rolls_back, reason }: DeploymentRow,
): Promise<void> {
  if (rolls_back === null) return
  const held = await lockOpenHold(unit.tx, environment_id)
  const chain = await listRolledBackChain(unit.tx, rolls_back)
  const revision_ids = renameHold(held?.revision_ids ?? [], chain)
  const named = { revision_ids, reason, deployment_id: rollback_id, created_by: authorIn(ctx) }
  const id = held?.id ?? ctx.newId()
  if (held) await updateHold(unit.tx, id, named)
  else await insertHold(unit.tx, { id, environment_id, ...named, created_at: ctx.now() })
  unit.record({
    kind: 'hold.set',
    ...{ project_id, environment_id, subject_id: id, reason },
    data: { revision_ids, deployment_id: rollback_id },
  })
}
