import type { FieldFault } from './errors.ts'

/** When a freeze window recurs, in local time: RFC 5545's RRULE, and what it needs beside it. */
export interface FreezeRule {
  rrule: string
  /** HH:MM on each day that the rule names. */
  start: string
  /** Elapsed minutes, whatever the clocks do meanwhile (RFC 5545 3.3.6). */
  duration_minutes: number
  /** A zone of the IANA database. */
  time_zone: string
  /** YYYY-MM-DD: the rule's DTSTART. Nothing is frozen before it. */
  starts_on: string
}

type Fault = Pick<FieldFault, 'field' | 'fault' | 'detail'>

const mostDurationMinutes = 60 * 24 * 60

/**
 * The parts of a rule by name, or what is wrong with it. Days come from the rule and the time of day from `start`, so
 * parts that name times are refused, and so is every frequency finer than a day.
 */
export function readRule(rrule: string): Map<string, string> | string {
  if (rrule.length > 300) return 'is longer than 300 characters'
  const parts = new Map<string, string>()
  for (const part of rrule.split(';')) {
    const [, name = '', value = ''] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part) ?? []
    if (name === '') return `has a part that cannot be read: ${part || 'an empty one'}`
    if (parts.has(name)) return `says ${name} twice`
    const shape = shapes[name]
    if (!shape) return `says ${name}, which a freeze does not take`
    if (!shape.test(value)) return `says ${name}=${value}, which is none of its values`
    parts.set(name, value)
  }
  return contradiction(parts) ?? parts
}

/** Numbers from 1 to what the pattern lets through, which the unit's own limits are checked by. */
const list = (one: string) => new RegExp(`^${one}(,${one}){0,365}$`)

const shapes: Record<string, RegExp> = {
  FREQ: /^(YEARLY|MONTHLY|WEEKLY|DAILY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])[0-5]\d[0-5]\dZ)?$/,
  BYDAY: list('([+-]?([1-9]|[1-4]\\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)'),
  BYMONTHDAY: list('[+-]?([1-9]|[12]\\d|3[01])'),
  BYYEARDAY: list('[+-]?([1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  BYWEEKNO: list('[+-]?([1-9]|[1-4]\\d|5[0-3])'),
  BYMONTH: list('([1-9]|1[0-2])'),
  BYSETPOS: list('[+-]?([1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
}

/** What RFC 5545 3.3.10 does not let stand together. */
function contradiction(parts: ReadonlyMap<string, string>): string | undefined {
  const frequency = parts.get('FREQ')
  if (!frequency) return 'says no FREQ'
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'says both COUNT and UNTIL'
  const until = parts.get('UNTIL')?.slice(0, 8)
  if (until && !isDate(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}`))
    return `says UNTIL=${until}, which is no date`
  if (parts.has('BYWEEKNO') && frequency !== 'YEARLY') return `says BYWEEKNO, which only YEARLY takes`
  if (parts.has('BYYEARDAY') && frequency !== 'YEARLY') return `says BYYEARDAY, which only YEARLY takes`
  if (parts.has('BYMONTHDAY') && frequency === 'WEEKLY') return `says BYMONTHDAY, which WEEKLY does not take`
  const numbered = /\d/.test(parts.get('BYDAY') ?? '')
  if (numbered && frequency !== 'YEARLY' && frequency !== 'MONTHLY')
    return `numbers its days, which only YEARLY and MONTHLY do`
  if (numbered && parts.has('BYWEEKNO')) return 'numbers its days and its weeks'
  // The library leaves BYMONTHDAY out beside these, and would freeze more than the rule says.
  if (parts.has('BYMONTHDAY') && (parts.has('BYWEEKNO') || (numbered && frequency === 'YEARLY')))
    return 'says BYMONTHDAY beside numbered weeks or days of the year, which is not taken'
  if (parts.has('BYSETPOS') && ![...parts.keys()].some((name) => /^BY(?!SETPOS)/.test(name)))
    return 'says BYSETPOS, and nothing to choose from'
  return undefined
}

/** What is wrong with the form of a rule, field by field. Whether it ever matches is asked of its windows. */
export function ruleFaults(rule: FreezeRule): Fault[] {
  const faults: Fault[] = []
  const wrong = (field: string, detail: string) => faults.push({ field, fault: 'invalid', detail })
  const parts = readRule(rule.rrule)
  if (typeof parts === 'string') wrong('rrule', parts)
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(rule.start)) wrong('start', 'is no time of day such as 17:00')
  const { duration_minutes: minutes } = rule
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > mostDurationMinutes)
    wrong('duration_minutes', `is not between 1 and ${mostDurationMinutes}`)
  if (!isZone(rule.time_zone)) wrong('time_zone', `${rule.time_zone.slice(0, 60)} is no time zone`)
  if (!isDate(rule.starts_on)) wrong('starts_on', 'is no date such as 2026-11-21')
  return faults
}

/** Whether it names a time zone, as `Europe/Paris` does. */
export function isZone(name: string): boolean {
  // Offsets would be taken too, but a calendar feed could not name them.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,60}$/.test(name)) return false
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

function isDate(text: string): boolean {
  if (!/^(19[7-9]\d|2\d{3})-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}
