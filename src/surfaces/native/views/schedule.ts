import type { Schedule } from '#api/schedule.ts'
import type { listSchedules } from '#app/schedules/list-schedules.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

export type ScheduleRow = Awaited<ReturnType<typeof listSchedules>>[number]

export function viewSchedule(row: ScheduleRow): Schedule {
  const { cron, time_zone, paused, last_skipped, version, terms } = row
  const { dry_run = false, refresh = true, forced: force = false, allow_destroy = false } = terms
  return {
    ...{ id: showId('schedule', row.id), environment_id: showId('environment', row.environment_id) },
    ...{ cron, time_zone, paused, dry_run, refresh, force, allow_destroy, items: terms.items ?? null },
    ...{ next_at: time(row.next_at), last_at: time(row.last_at), last_skipped, version },
    last_deployment_id: shown('deployment', row.last_deployment_id),
    created_by: shown('user', row.created_by),
    ...{ created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString() },
  }
}
