import { DomainError, type FieldFault } from '#domain/errors.ts'
import type { ScheduleTerms } from '#store/release-schedule.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { ScheduleTerms }

/** What people say of a schedule. */
export interface ScheduleSaid {
  /** Five fields, as in Unix. */
  cron: string
  /** As IANA names it. */
  time_zone: string
  terms: ScheduleTerms
  paused: boolean
}

const mostItems = 1000

/** Whether the context may have these releases come by themselves here. Throws `forbidden`, `invalid`. */
export async function checkSchedule(
  ctx: Context,
  place: { project_id: string; environment_id: string },
  { cron, time_zone, terms }: ScheduleSaid,
): Promise<void> {
  // What comes by itself must not do what whoever set it could not ask for.
  authorize(ctx, 'deployment.request', place)
  if (terms.allow_destroy) authorize(ctx, 'deployment.allow_destroy', place)
  const { isCutCron } = await import('#domain/cut-time.ts')
  const faults: FieldFault[] = []
  const fault = (field: string, detail: string) => faults.push({ field, fault: 'invalid', detail })
  if (!isTimeZone(time_zone)) fault('time_zone', 'is no time zone that is known here')
  else if (!isCutCron(cron, time_zone, ctx.now()))
    fault('cron', 'is no cron expression of five fields that ever comes')
  if (terms.items?.length === 0) fault('items', 'names no resource: leave it out for all of them')
  if ((terms.items?.length ?? 0) > mostItems) fault('items', `names more than ${mostItems}`)
  terms.items?.forEach((key, index) => {
    if (!/^[^/]+\/[^/]+$/.test(key)) fault(`items.${index}`, 'is not type/name')
  })
  if (faults.length > 0) throw new DomainError('invalid', { faults })
}

/** When it comes next after now; null where it is paused. */
export async function nextTime(
  ctx: Context,
  { cron, time_zone, paused }: Omit<ScheduleSaid, 'terms'>,
): Promise<Date | null> {
  if (paused) return null
  const { nextCut } = await import('#domain/cut-time.ts')
  return nextCut(cron, time_zone, ctx.now())
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
