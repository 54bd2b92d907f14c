import { misfired } from '#domain/misfire.ts'
import { listAdmissible, type NamedDeployment, type WaitingSince } from '#store/deployment.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { blockersOf } from './deployment-view.ts'

/** How many are looked at in one transaction. */
const most = 500

/**
 * Lets in the requested deployments whose time has come by our own clock and whose gates are open; those that missed
 * their time expire, and say so. Looks at one page, and returns where the next begins while there may be one.
 */
export function admitDeployments(ctx: Context, after?: WaitingSince): Promise<{ next?: WaitingSince }> {
  return transact(ctx, async (unit) => {
    const now = ctx.now()
    const waiting = await listAdmissible(unit.tx, { now, limit: most, ...(after ? { after } : {}) })
    for (const deployment of waiting) await admit(ctx, unit, deployment, now)
    const last = waiting.at(-1)
    return last && waiting.length === most
      ? { next: { at: last.due_at ?? last.requested_at, id: last.id } }
      : {}
  })
}

async function admit(ctx: Context, unit: Unit, deployment: NamedDeployment, now: Date): Promise<void> {
  const { id, project_id, environment_id, due_at, misfire } = deployment
  const about = { project_id, environment_id, subject_id: id }
  if (due_at && misfired(misfire, due_at, now)) {
    const detail = `It was due at ${due_at.toISOString()} and could not start until ${now.toISOString()}.`
    const failure = { code: 'missed', detail }
    await moveDeployment(unit.tx, { id, from: 'requested', to: 'expired', at: now, failure })
    unit.record({ kind: 'deployment.expired', ...about, reason: detail })
    return
  }
  if (blockersOf(deployment, now).length > 0) return
  await moveDeployment(unit.tx, { id, from: 'requested', to: 'queued', at: now })
  unit.record({ kind: 'deployment.queued', ...about })
  unit.wake({ name: 'run-environment', data: { environment_id } })
}
