import { inForceAt, type InForce } from '#domain/freeze.ts'
import type { Hold } from '#domain/hold.ts'
import { findGateRows } from '#store/gate-rows.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { knownFreezes } from '../freezes/known-freezes.ts'

/** What stands guard at an environment now. */
export interface Guard {
  environment_id: string
  freezes: InForce[]
  hold: Hold | null
}

/** The freezes in force and the holds of many environments, in one statement; of those that the caller may see. */
export async function listGuards(
  ctx: Context,
  environments: readonly { id: string; project_id: string }[],
): Promise<Guard[]> {
  const seen = environments.filter(({ id, project_id }) =>
    allows(ctx, 'deployment.read', { project_id, environment_id: id }),
  )
  if (seen.length === 0) return []
  const now = ctx.now()
  const ids = seen.map(({ id }) => id)
  const { freeze_ids, holds } = await findGateRows(ctx.db, ids, [], now)
  const freezes = await knownFreezes(ctx.db, freeze_ids)
  return seen.map(({ id, project_id }) => ({
    environment_id: id,
    freezes: inForceAt(freezes({ project_id, environment_id: id }), now),
    hold: holds.find(({ environment_id }) => environment_id === id) ?? null,
  }))
}
