import { invalidField } from '#domain/errors.ts'
import { whereSet, type ProjectLimits } from '../limits.ts'

/** ISO 8601 with milliseconds and Z, as the vendor writes every time. */
export function writeTime(time: Date): string {
  return time.toISOString()
}

const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.:,](\d{1,3})\d*)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i

/**
 * A time as clients write it, or undefined. The vendor's own samples put a colon before the milliseconds
 * (section 2.6); without a zone it is UTC, a date alone is its first moment.
 */
export function readTime(text: string): Date | undefined {
  const [whole, day, minute = '00:00', second = ':00', milliseconds = '0', zone = 'Z'] =
    shape.exec(text.trim()) ?? []
  if (whole === undefined || day === undefined || !isDay(day)) return undefined
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const time = new Date(`${day}T${minute}${second}.${milliseconds.padEnd(3, '0')}${offset}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** Whether the calendar has it: `Date` would read 31 February as 3 March. */
function isDay(day: string): boolean {
  const time = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day)
}

export interface Schedule {
  scheduled_at?: string | null
  scheduledAt?: string | null
}

/**
 * When to start, under either name that clients use (section 0, 3): reading one alone would deploy at once what
 * was meant for later. Undefined: at once. Throws `invalid` for what is no time or further ahead than allowed.
 */
export function readSchedule(
  { scheduled_at, scheduledAt }: Schedule,
  now: Date,
  { schedule_months: months }: ProjectLimits,
): Date | undefined {
  const text = scheduled_at ?? scheduledAt
  if (text === undefined || text === null) return undefined
  const time = readTime(text)
  if (!time) throw invalidField('scheduled_at', 'invalid', 'is not a valid ISO 8601 time.')
  const latest = new Date(now)
  latest.setUTCMonth(latest.getUTCMonth() + months)
  if (time > latest)
    throw invalidField(
      'scheduled_at',
      'invalid',
      `must be within ${months} ${months === 1 ? 'month' : 'months'} from now (${whereSet('schedule_months')}).`,
    )
  return time
}
