import type { ScheduleTerms } from '#app/schedules/schedule-fields.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { invalidField } from '#domain/errors.ts'
import { flagIn, listIn, textIn, type Body } from './read-body.ts'
import { resourcesIn } from './read-resources.ts'
import { cronOf, readDay, readTime, type Recurrence } from './translate/schedule.ts'
import { frequencies } from './wire/schedule.ts'
import { typeNote, type ReleaseType } from './words.ts'

/** Under which the vendor's words of a schedule are kept: its cron expression says less. */
export const scheduleNote = 'facets/schedule'

/** Releases that come by themselves; a selective one names its resources. */
const scheduled = ['RELEASE', 'PLAN', 'HOTFIX', 'HOTFIX_PLAN'] as const

/** A body as use-cases take it. Throws `invalid`. */
export function readSchedule(body: Body) {
  const type = oneOf(body, 'releaseType', scheduled, 'RELEASE')
  const recurrence = readRecurrence(body)
  return {
    cron: cronOf(recurrence),
    time_zone: textIn(body, 'timeZone', 100) ?? 'UTC',
    paused: flagIn(body, 'isPaused', false),
    terms: readTerms(body, type),
    annotations: { [typeNote]: type, [scheduleNote]: { ...recurrence, byDay: [...recurrence.byDay] } },
  }
}

function readTerms(body: Body, type: ReleaseType): ScheduleTerms {
  const selective = type.startsWith('HOTFIX')
  return {
    refresh: flagIn(body, 'withRefresh', !selective),
    forced: flagIn(body, 'forceRelease', false),
    allow_destroy: flagIn(body, 'allowDestroy', false),
    dry_run: type.endsWith('PLAN'),
    ...(selective
      ? { items: resourcesIn(body, 'hotfixResources').map((each) => resourceKey(each.type, each.name)) }
      : {}),
  }
}

function readRecurrence(body: Body): Recurrence {
  const frequency = oneOf(body, 'frequency', frequencies, undefined)
  const interval = body['interval'] ?? 1
  if (typeof interval !== 'number' || !Number.isInteger(interval))
    throw invalidField('interval', 'invalid', 'must be a whole number')
  return { frequency, interval, byDay: readDays(body), byTime: readClock(body) }
}

/** A list, or one text with commas. */
function readDays(body: Body): string[] {
  const said = body['byDay']
  const list =
    typeof said === 'string' ? said.split(',').filter((day) => day !== '') : listIn(body, 'byDay', 7)
  return list.map((entry) => {
    const day = typeof entry === 'string' ? readDay(entry) : undefined
    if (day === undefined) throw invalidField('byDay', 'invalid', 'must be days of the week, such as MONDAY')
    return day
  })
}

function readClock(body: Body): string {
  const said = body['byTime'] ?? '00:00'
  const [text, ...more] = [said].flat()
  const time = typeof text === 'string' && more.length === 0 ? readTime(text) : undefined
  if (time === undefined) throw invalidField('byTime', 'invalid', 'must be one time of day, such as 04:30')
  return time
}

function oneOf<W extends string>(body: Body, field: string, words: readonly W[], usual: W | undefined): W {
  const said = textIn(body, field, 100)
  if (said === undefined && usual !== undefined) return usual
  const word = words.find((one) => one === said?.toUpperCase())
  if (word) return word
  throw invalidField(field, said === undefined ? 'required' : 'invalid', `must be one of ${words.join(', ')}`)
}
