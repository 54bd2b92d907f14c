import { namedBy, type Naming } from '#domain/hold.ts'
import type { DeploymentRow } from '#store/deployment.ts'
import {
  findLeftAndRestored,
  insertHold,
  listRolledBackChain,
  lockOpenHold,
  updateHold,
  type HoldRow,
} from '#store/hold.ts'
import { authorIn, type Context, type Unit } from '../context.ts'

/**
 * What a rollback leaves on its environment, inside its transaction: the revision that is rolled back from is named,
 * one that this brings back is named no more. The caller authorises.
 */
export async function setHoldIn(
  ctx: Context,
  unit: Unit,
  {
    id: rollback_id,
    project_id,
    environment_id,
    revision_id,
    rolls_back,
    reason,
    requested_by,
  }: DeploymentRow,
): Promise<void> {
  if (rolls_back === null) return
  const chain =
    (await findLeftAndRestored(unit.tx, { rolls_back, revision_id })) ??
    (await listRolledBackChain(unit.tx, rolls_back))
  const naming = { deployment_id: rollback_id, chain }
  const by = { reason, deployment_id: rollback_id, created_by: authorIn(ctx) ?? requested_by }
  const nameAfter = (before: readonly Naming[]) => {
    const namings = [...before, naming]
    return { namings, revision_ids: namedBy(namings) }
  }
  const name = async (held: HoldRow) => {
    const named = nameAfter(held.namings)
    await updateHold(unit.tx, held.id, { ...by, ...named })
    return { id: held.id, ...named }
  }
  const held = await lockOpenHold(unit.tx, environment_id)
  const made = { id: ctx.newId(), ...nameAfter([]) }
  const row = { ...made, ...by, environment_id, created_at: ctx.now() }
  const there = held !== undefined || !(await insertHold(unit.tx, row))
  // Somebody else may have set one between our look and our insert: then that one is named.
  const { id, revision_ids } = there
    ? await name(held ?? (await lockOpenHold(unit.tx, environment_id))!)
    : made
  unit.record({
    kind: 'hold.set',
    ...{ project_id, environment_id, subject_id: id, reason },
    data: { revision_ids, deployment_id: rollback_id },
  })
}
