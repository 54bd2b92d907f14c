import { invalidField } from '#domain/errors.ts'
import type { Frequency } from '../wire/schedule.ts'

/** When releases come, in the vendor's words (section 1). */
export interface Recurrence {
  frequency: Frequency
  interval: number
  /** MONDAY and so on; of WEEKLY only. */
  byDay: readonly string[]
  /** `HH:mm`; of DAILY and WEEKLY, and of HOURLY its minute. */
  byTime: string
}

const days = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const

/** A day in full, of any of its spellings: MONDAY, Mon, MO. Undefined for what is none. */
export function readDay(text: string): string | undefined {
  const said = text.trim().toUpperCase()
  return said.length < 2 ? undefined : days.find((day) => day.startsWith(said))
}

/** `HH:mm`, of that or of `HH:mm:ss`. Undefined for what is none. */
export function readTime(text: string): string | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/.exec(text.trim()) ?? []
  return hour === undefined ? undefined : `${hour.padStart(2, '0')}:${minute}`
}

/**
 * As a cron expression of five fields, which is how schedules are kept. An interval that cron cannot keep, such as every
 * 7 minutes or every other day, would come at other times than it says: it throws `invalid`.
 */
export function cronOf({ frequency, interval, byDay, byTime }: Recurrence): string {
  const [hour, minute] = byTime.split(':').map(Number)
  const every = (of: number) => {
    if (interval >= 1 && interval < of && of % interval === 0) return interval === 1 ? '*' : `*/${interval}`
    throw invalidField('interval', 'invalid', `must divide ${of} for ${frequency}`)
  }
  if (frequency === 'PER_MINUTE') return `${every(60)} * * * *`
  if (frequency === 'HOURLY') return `${minute} ${every(24)} * * *`
  if (interval !== 1) throw invalidField('interval', 'invalid', `must be 1 for ${frequency}`)
  if (frequency === 'DAILY') return `${minute} ${hour} * * *`
  if (byDay.length === 0) throw invalidField('byDay', 'required', 'is required for WEEKLY')
  const numbers = byDay.map((day) => days.indexOf(day as (typeof days)[number])).toSorted((a, b) => a - b)
  return `${minute} ${hour} * * ${[...new Set(numbers)].join(',')}`
}
