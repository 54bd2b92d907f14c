import type { CalendarSchedule } from '#store/calendar.ts'
import type { CalendarItem } from './read-calendar.ts'

/** So many times of one schedule are shown: every five minutes of a month are nothing to look at. */
const mostTimes = 200

/** Each time that a release comes by itself in that time; from the next one on, for nobody knows what happens then. */
export async function scheduleItems(
  schedules: readonly CalendarSchedule[],
  to: Date,
): Promise<CalendarItem[]> {
  if (schedules.length === 0) return []
  const { nextCut } = await import('#domain/cut-time.ts')
  return schedules.flatMap(({ cron, time_zone, next_at, id, ...place }) => {
    const times: Date[] = []
    for (let at: Date | null = next_at; at && at < to && times.length < mostTimes;) {
      times.push(at)
      at = nextCut(cron, time_zone, at)
    }
    const title = `${place.environment_name}, by ${cron} (${time_zone})`
    const item = { kind: 'recurring' as const, id, title, to: null, state: null, reason: null, ...place }
    return times.map((from) => ({ ...item, from }))
  })
}
