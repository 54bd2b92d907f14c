import { blocksStart, soonestOpening, type GateFacts } from '#domain/gates.ts'
import { isAhead } from '#domain/hold.ts'
import { misfired } from '#domain/misfire.ts'
import { listAdmissible, type NamedDeployment, type WaitingSince } from '#store/deployment.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { setHoldIn } from '../holds/set-hold.ts'
import { cancelAwaitingIn } from './admit-request.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/** How many are looked at in one transaction. */
const most = 500

/**
 * Lets in the requested deployments whose time has come by our own clock and whose gates are open; those that missed
 * their time expire, and say so. Looks at one page, and returns where the next begins while there may be one, and when
 * the first of the gates that are shut opens by itself.
 */
export function admitDeployments(
  ctx: Context,
  after?: WaitingSince,
): Promise<{ next?: WaitingSince; opens_at?: Date }> {
  return transact(ctx, async (unit) => {
    const now = ctx.now()
    const waiting = await listAdmissible(unit.tx, { now, limit: most, ...(after ? { after } : {}) })
    const facts = await loadGateFacts(unit.tx, waiting.map(subjectOf), now)
    for (const [index, deployment] of waiting.entries()) await admit(ctx, unit, deployment, facts[index]!)
    const last = waiting.length === most ? waiting.at(-1) : undefined
    const opens_at = soonestOpening(facts.map(blocksStart))
    return {
      ...(last ? { next: { at: last.due_at ?? last.requested_at, id: last.id } } : {}),
      ...(opens_at ? { opens_at } : {}),
    }
  })
}

async function admit(ctx: Context, unit: Unit, deployment: NamedDeployment, facts: GateFacts): Promise<void> {
  const { now } = facts
  const { id, project_id, environment_id, due_at, misfire } = deployment
  const about = { project_id, environment_id, subject_id: id }
  if (due_at && misfired(misfire, due_at, now)) {
    const detail = `It was due at ${due_at.toISOString()} and could not start until ${now.toISOString()}.`
    const failure = { code: 'missed', detail }
    await moveDeployment(unit.tx, { id, from: 'requested', to: 'expired', at: now, failure })
    unit.record({ kind: 'deployment.expired', ...about, reason: detail })
    return
  }
  if (blocksStart(facts).length > 0) return
  await moveDeployment(unit.tx, { id, from: 'requested', to: 'queued', at: now })
  if (beginsRollback(deployment)) {
    // What a rollback does where it is asked for, one that was scheduled does when its time has come.
    await cancelAwaitingIn(ctx, unit, environment_id)
    await setHoldIn(ctx, unit, deployment)
  }
  unit.record({ kind: 'deployment.queued', ...about })
  unit.wake({ name: 'run-environment', data: { environment_id } })
}

function beginsRollback({ rolls_back, dry_run, due_at, requested_at }: NamedDeployment): boolean {
  return rolls_back !== null && !dry_run && isAhead(due_at ?? undefined, requested_at)
}
