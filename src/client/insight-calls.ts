import type { CalendarItem } from '#api/calendar.ts'
import type { Insights } from '#api/insights.ts'
import type { Listed, Send } from './path.ts'

export interface InsightsAsked {
  project?: string
  environment?: string
  from?: string
  to?: string
  interval?: 'day' | 'week' | 'month'
  time_zone?: string
}

/** Deployments seen from afar: how they go, and when. */
export function insightCalls(send: Send) {
  return {
    getInsights: (asked: InsightsAsked = {}) => send<Insights>('GET', '/insights', undefined, { ...asked }),
    getCalendar: (asked: { project?: string; from?: string; to?: string } = {}) =>
      send<Listed<CalendarItem>>('GET', '/calendar', undefined, asked),
  }
}
