import { blocksApplying, blocksStart, soonestOpening, type Shut } from '#domain/gates.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { listHeldUp, lockAwaiting } from '#store/deployment-guard.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/** How many are looked at in one transaction. */
const most = 500

export interface Revisited {
  /** Where the next page begins, while there may be one. */
  next?: string
  /** When the first of the gates that were shut opens by itself. */
  opens_at?: Date
}

/** Wakes the environments in whose queue something may go on that a gate held up. Looks at one page. */
export function wakeHeldUp(ctx: Context, after?: string): Promise<Revisited> {
  return transact(ctx, async (unit) => {
    const now = ctx.now()
    const page = { limit: most, ...(after === undefined ? {} : { after }) }
    const held = await listHeldUp(unit.tx, page)
    const facts = await loadGateFacts(unit.tx, held.map(subjectOf), now)
    const shut = facts.map(blocksStart)
    const free = held.filter((_, index) => shut[index]!.length === 0)
    for (const environment_id of new Set(free.map((one) => one.environment_id)))
      unit.wake({ name: 'run-environment', data: { environment_id } })
    return revisited(held, shut)
  })
}

/**
 * Lets go on what waits to be approved and is, once its gates are open, and expires what was not approved in time.
 * Looks at one page.
 */
export function revisitAwaiting(ctx: Context, after?: string): Promise<Revisited> {
  return transact(ctx, async (unit) => {
    const now = ctx.now()
    const page = { limit: most, ...(after === undefined ? {} : { after }) }
    const awaiting = await lockAwaiting(unit.tx, page)
    const facts = await loadGateFacts(unit.tx, awaiting.map(subjectOf), now)
    const shut = facts.map(blocksApplying)
    for (const [index, deployment] of awaiting.entries()) {
      const { approval_expires_at: until } = deployment
      // What was answered does not expire: it waits for the other gates.
      const unanswered = shut[index]!.some(({ code }) => code === 'approval')
      if (shut[index]!.length === 0) await letGoOnIn(ctx, unit, deployment)
      else if (unanswered && until && until <= now) await expire(ctx, unit, deployment, until)
    }
    return revisited(awaiting, shut)
  })
}

/** Its plan was agreed to and its gates are open: whoever runs its environment applies it. Inside a caller's transaction. */
export async function letGoOnIn(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id, plan_digest }: NamedDeployment,
): Promise<void> {
  await moveDeployment(unit.tx, { id, from: 'awaiting_approval', to: 'applying', at: ctx.now() })
  unit.record({
    kind: 'deployment.approved',
    ...{ project_id, environment_id, subject_id: id, data: { plan_digest } },
  })
  await noteWhereLogged(ctx, unit, id, 'approved')
  unit.wake({ name: 'run-environment', data: { environment_id } })
}

async function expire(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id }: NamedDeployment,
  until: Date,
): Promise<void> {
  const detail = `It was not approved until ${until.toISOString()}.`
  const failure = { code: 'approval_timed_out', detail }
  await moveDeployment(unit.tx, { id, from: 'awaiting_approval', to: 'expired', at: ctx.now(), failure })
  unit.record({ kind: 'deployment.expired', project_id, environment_id, subject_id: id, reason: detail })
  await noteWhereLogged(ctx, unit, id, `expired: ${detail}`, { last: true })
  unit.wake({ name: 'run-environment', data: { environment_id } })
}

function revisited(page: readonly NamedDeployment[], shut: readonly Shut[][]): Revisited {
  const last = page.length === most ? page.at(-1) : undefined
  const opens_at = soonestOpening(shut)
  return { ...(last ? { next: last.id } : {}), ...(opens_at ? { opens_at } : {}) }
}
