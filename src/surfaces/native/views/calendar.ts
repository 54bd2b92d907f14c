import { ICalCalendar, ICalEventTransparency } from 'ical-generator'
import type { CalendarItem as Wire } from '#api/calendar.ts'
import type { CalendarItem } from '#app/calendar/read-calendar.ts'
import { showId } from '#domain/ids.ts'
import { time } from './shown.ts'

const nouns = {
  scheduled: 'deployment',
  recurring: 'schedule',
  deployment: 'deployment',
  freeze: 'freeze',
  hold: 'hold',
} as const

/** They are there once for each time. */
const again: readonly CalendarItem['kind'][] = ['freeze', 'recurring']

export function viewCalendarItem(item: CalendarItem): Wire {
  const { kind, title, state, reason, environment_id, environment_name } = item
  return {
    ...{
      kind,
      id: showId(nouns[kind], item.id),
      title,
      from: item.from.toISOString(),
      to: time(item.to),
      state,
      reason,
    },
    project: { id: showId('project', item.project_id), key: item.project_key },
    environment:
      environment_id === null || environment_name === null
        ? null
        : { id: showId('environment', environment_id), name: environment_name },
  }
}

/**
 * The same as RFC 5545: every occurrence by itself, in UTC, so that no calendar has to know a rule or a zone. What has
 * no end yet ends with what is looked at. An id stays the same for as long as the thing is there.
 */
export function writeCalendar(items: readonly CalendarItem[], horizon: Date): string {
  const calendar = new ICalCalendar({ name: 'Headgate', prodId: '//Headgate//Calendar//EN', ttl: 900 })
  for (const item of items) {
    const { kind, title, from, to, reason, state } = item
    const shown = showId(nouns[kind], item.id)
    const said = [state && `State: ${state}`, reason].filter(Boolean).join('\n')
    calendar.createEvent({
      id: `${again.includes(kind) ? `${shown}-${from.getTime()}` : shown}@headgate`,
      start: from,
      end:
        to ?? (kind === 'scheduled' || kind === 'recurring' ? new Date(from.getTime() + 900_000) : horizon),
      stamp: from,
      summary: title,
      ...(said === '' ? {} : { description: said }),
      location: [item.project_key, item.environment_name].filter(Boolean).join(' / '),
      categories: [{ name: kind }],
      transparency: kind === 'freeze' || kind === 'hold' ? ICalEventTransparency.TRANSPARENT : null,
    })
  }
  return calendar.toString()
}
