import { DomainError } from '#domain/errors.ts'
import {
  findSchedule,
  listSchedules as rows,
  type PlacedSchedule,
  type ReleaseScheduleRow,
} from '#store/release-schedule.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'

/** In the order in which they were made. Throws `not_found`, `forbidden`. */
export async function listSchedules(
  ctx: Context,
  {
    project_id,
    environment_id,
    ...page
  }: { project_id: string; environment_id: string; limit: number; after?: string | undefined },
): Promise<ReleaseScheduleRow[]> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  await getEnvironment(ctx, { project_id, environment_id })
  return rows(ctx.db, environment_id, page)
}

/** Throws `not_found`, also for one of another environment. */
export async function getSchedule(
  ctx: Context,
  { schedule_id, environment_id }: { schedule_id: string; environment_id: string },
): Promise<PlacedSchedule> {
  const row = await findSchedule(ctx.db, schedule_id)
  const named = { what: 'schedule', id: schedule_id } as const
  if (row?.environment_id !== environment_id) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'deployment.read', { project_id: row.project_id, environment_id }, named)
  return row
}
