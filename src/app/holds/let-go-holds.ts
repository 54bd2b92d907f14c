import { namedBy } from '#domain/hold.ts'
import { listIdleNamings, lockOpenHold, updateHold } from '#store/hold.ts'
import { transact, type Context } from '../context.ts'

const reason = 'The rollback that it was set for came to nothing.'

/**
 * Takes back what rollbacks named that came to nothing: rejected, canceled, missed, or failed without a trace. A hold
 * that nothing else named is released. What may have been half done keeps its hold, until somebody looks.
 */
export async function letGoOfHolds(ctx: Context): Promise<void> {
  for (const { environment_id, project_id, deployment_ids } of await listIdleNamings(ctx.db))
    await transact(ctx, async (unit) => {
      const held = await lockOpenHold(unit.tx, environment_id)
      if (!held) return
      const idle = new Set<string | null>(deployment_ids)
      const namings = held.namings.filter(({ deployment_id }) => !idle.has(deployment_id))
      if (namings.length === held.namings.length) return
      const last = namings.at(-1)
      const revision_ids = last ? namedBy(namings) : held.revision_ids
      await updateHold(
        unit.tx,
        held.id,
        last
          ? { namings, revision_ids, deployment_id: last.deployment_id }
          : { namings, released_at: ctx.now(), released_by: null, release_reason: reason },
      )
      unit.record({
        kind: last ? 'hold.set' : 'hold.released',
        ...{ project_id, environment_id, subject_id: held.id, reason },
        data: { revision_ids },
      })
      unit.wake({ name: 'admit-deployments', data: {} })
    })
}
