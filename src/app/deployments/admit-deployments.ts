import { misfired } from '#domain/misfire.ts'
import { listAdmissible, type NamedDeployment } from '#store/deployment.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { blockersOf } from './deployment-view.ts'

const most = 500

/**
 * Lets in the requested deployments whose time has come by our own clock and whose gates are open; those that missed
 * their time expire, and say so. Returns how many it looked at: as many as `most` means there may be more.
 */
export function admitDeployments(ctx: Context): Promise<{ seen: number; more: boolean }> {
  return transact(ctx, async (unit) => {
    const now = ctx.now()
    const waiting = await listAdmissible(unit.tx, { now, limit: most })
    let moved = 0
    for (const deployment of waiting) if (await admit(ctx, unit, deployment, now)) moved += 1
    return { seen: waiting.length, more: waiting.length === most && moved > 0 }
  })
}

async function admit(ctx: Context, unit: Unit, deployment: NamedDeployment, now: Date): Promise<boolean> {
  const { id, project_id, environment_id, due_at, misfire } = deployment
  const about = { project_id, environment_id, subject_id: id }
  if (due_at && misfired(misfire, due_at, now)) {
    const detail = `It was due at ${due_at.toISOString()} and could not start until ${now.toISOString()}.`
    const failure = { code: 'missed', detail }
    await moveDeployment(unit.tx, { id, from: 'requested', to: 'expired', at: now, failure })
    unit.record({ kind: 'deployment.expired', ...about, reason: detail })
    return true
  }
  if (blockersOf(deployment, now).length > 0) return false
  await moveDeployment(unit.tx, { id, from: 'requested', to: 'queued', at: now })
  unit.record({ kind: 'deployment.queued', ...about })
  unit.wake({ name: 'run-environment', data: { environment_id } })
  return true
}
