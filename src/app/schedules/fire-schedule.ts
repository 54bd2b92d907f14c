import { DomainError } from '#domain/errors.ts'
import {
  findSchedule,
  listNextSchedules,
  lockSchedule,
  setScheduleTime,
  type PlacedSchedule,
} from '#store/release-schedule.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { requestInfraDeployment } from '../infra/request-infra-deployment.ts'

/** How many may wait for their next time and still be woken together. */
const most = 1000

/** Wakes schedules whose time has come. Answers when the next one comes, if any. For Headgate itself. */
export async function wakeDueSchedules(ctx: Context): Promise<Date | undefined> {
  const next = await listNextSchedules(ctx.db, most)
  const now = ctx.now()
  const due = next.filter(({ next_at }) => next_at <= now)
  if (due.length > 0)
    await transact(ctx, async (unit) => {
      for (const { id } of due) unit.wake({ name: 'fire-schedule', data: { schedule_id: id } })
    })
  return next.find(({ next_at }) => next_at > now)?.next_at
}

/** Somebody else has seen to it: nothing of this is to be done. */
class SeenTo extends Error {}

/**
 * Asks for what a schedule asks for when its time has come: once, however many processes try, and once for all the
 * times that passed while nobody worked. An environment that is busy, or shut, is left out this time, which is an event.
 * For Headgate itself.
 */
export async function fireSchedule(ctx: Context, schedule_id: string): Promise<void> {
  const due = await findSchedule(ctx.db, schedule_id)
  if (!due?.next_at || due.paused || due.next_at > ctx.now()) return
  const { project_id, environment_id } = due
  const { items, reason = `Schedule ${due.cron} (${due.time_zone})`, ...terms } = due.terms
  const asked = {
    ...{ project_id, environment_id, ...terms, reason, annotations: due.annotations },
    ...({ when_busy: 'refuse', when_shut: 'refuse' } as const),
    ...(items ? { select: items.map(nameOf) } : {}),
  }
  try {
    await requestInfraDeployment(ctx, asked, (unit, { id }) =>
      goOn(ctx, unit, due, { last_deployment_id: id, last_skipped: null }),
    )
  } catch (error) {
    if (error instanceof SeenTo) return
    if (!(error instanceof DomainError)) throw error
    await skip(ctx, due, whyNot(error))
  }
}

/** Goes on to the next time in the transaction that does what this one is for. Throws SeenTo. */
async function goOn(
  ctx: Context,
  { tx, wake }: Unit,
  due: PlacedSchedule,
  done: { last_deployment_id: string | null; last_skipped: string | null },
): Promise<void> {
  const held = await lockSchedule(tx, due.id)
  if (held?.paused !== false || held.next_at?.getTime() !== due.next_at?.getTime()) throw new SeenTo()
  const { nextCut } = await import('#domain/cut-time.ts')
  const next_at = nextCut(held.cron, held.time_zone, ctx.now())
  await setScheduleTime(tx, due.id, { next_at, last_at: due.next_at, ...done })
  if (next_at) wake({ name: 'fire-schedule', data: { schedule_id: due.id }, after: next_at })
}

async function skip(ctx: Context, due: PlacedSchedule, reason: string): Promise<void> {
  const { id: subject_id, project_id, environment_id } = due
  try {
    await transact(ctx, async (unit) => {
      await goOn(ctx, unit, due, { last_deployment_id: null, last_skipped: reason })
      const data = { due_at: due.next_at?.toISOString() ?? null, cron: due.cron }
      unit.record({ kind: 'schedule.skipped', project_id, environment_id, subject_id, reason, data })
    })
  } catch (error) {
    if (!(error instanceof SeenTo)) throw error
  }
}

function whyNot({ message, details }: DomainError): string {
  if ('blockers' in details) return details.blockers.map(({ detail }) => detail).join(' ')
  if ('faults' in details) return details.faults.map(({ field, detail }) => `${field} ${detail}`).join('; ')
  return 'detail' in details ? String(details.detail) : message
}

function nameOf(key: string): { type: string; name: string } {
  const slash = key.indexOf('/')
  return { type: key.slice(0, slash), name: key.slice(slash + 1) }
}
