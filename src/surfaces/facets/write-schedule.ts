import type { listSchedules } from '#app/schedules/list-schedules.ts'
import { idOf } from './ids.ts'
import { isObject } from './read-body.ts'
import { scheduleNote } from './read-schedule.ts'
import { releaseTypeOf } from './translate/release-type.ts'
import { resourceOf } from './translate/resource.ts'
import { frequencies, type ReleaseSchedule } from './wire/schedule.ts'
import type { ReleaseType } from './words.ts'

export type ScheduleRow = Awaited<ReturnType<typeof listSchedules>>[number]

/** One that was made elsewhere has a cron expression, and none of the vendor's words for when it comes. */
export function writeSchedule(row: ScheduleRow, clusterId: string): ReleaseSchedule {
  const { terms, annotations, cron, time_zone: timeZone, paused: isPaused } = row
  const { refresh: withRefresh = true, forced: forceRelease = false, allow_destroy = false } = terms
  const time = (name: string, at: Date | null) => (at ? { [name]: at.toISOString() } : {})
  return {
    ...{ id: idOf(row.id), clusterId, releaseType: typeOf(row), ...wordsIn(annotations[scheduleNote]) },
    ...{ timeZone, isPaused, withRefresh, forceRelease, allowDestroy: allow_destroy, cron },
    ...(terms.items ? { hotfixResources: terms.items.map(resourceOf) } : {}),
    ...time('nextReleaseTime', row.next_at),
    ...time('lastReleaseTime', row.last_at),
    ...(row.last_deployment_id === null ? {} : { lastDeploymentId: idOf(row.last_deployment_id) }),
    ...(row.last_skipped === null ? {} : { lastSkipReason: row.last_skipped }),
    createdOn: row.created_at.toISOString(),
  }
}

export function typeOf({ terms, annotations }: ScheduleRow): ReleaseType {
  return releaseTypeOf({
    ...{ annotations, dry_run: terms.dry_run ?? false, selected_keys: terms.items ?? null },
    ...{ deletes: false, deploys_plan: null, rolls_back: null },
  })
}

function wordsIn(note: unknown): Pick<ReleaseSchedule, 'frequency' | 'interval' | 'byDay' | 'byTime'> {
  if (!isObject(note)) return {}
  const { interval, byDay, byTime } = note
  const frequency = frequencies.find((one) => one === note['frequency'])
  return {
    ...(frequency ? { frequency } : {}),
    ...(typeof interval === 'number' ? { interval } : {}),
    ...(Array.isArray(byDay) ? { byDay: byDay.map(String) } : {}),
    ...(typeof byTime === 'string' ? { byTime } : {}),
  }
}
