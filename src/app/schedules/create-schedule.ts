import { DomainError, invalidField } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { findProject } from '#store/project.ts'
import { countSchedules, insertSchedule, type ReleaseScheduleRow } from '#store/release-schedule.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'
import { holdEnvironment } from '../environments/hold-environment.ts'
import { checkSchedule, nextTime, type ScheduleSaid } from './schedule-fields.ts'

export interface NewSchedule extends ScheduleSaid {
  project_id: string
  environment_id: string
  annotations?: Annotations
}

const most = 100

/**
 * Has releases of an environment of infrastructure come by themselves, as its blueprint is then. Throws `not_found`,
 * `forbidden`, `invalid`, `limit_reached`.
 */
export async function createSchedule(ctx: Context, input: NewSchedule): Promise<ReleaseScheduleRow> {
  const { project_id, environment_id, cron, time_zone, terms, paused, annotations = {} } = input
  const place = { project_id, environment_id }
  authorize(ctx, 'schedule.edit', place)
  await getEnvironment(ctx, place)
  await checkSchedule(ctx, place, input)
  return transact(ctx, async ({ tx, record, wake }) => {
    await holdEnvironment(tx, place)
    if ((await findProject(tx, project_id))?.kind !== 'infra')
      throw invalidField(
        'environment',
        'invalid',
        'is none of infrastructure: nothing can be released there by itself',
      )
    if ((await countSchedules(tx, environment_id)) >= most)
      throw new DomainError('limit_reached', { limit: 'schedules of an environment', most })
    const [id, at, next_at] = [ctx.newId(), ctx.now(), await nextTime(ctx, input)]
    const row = await insertSchedule(tx, {
      ...{ id, environment_id, cron, time_zone, paused, next_at, last_at: null },
      ...{ terms: JSON.stringify(terms), annotations: JSON.stringify(annotations) },
      ...{ last_deployment_id: null, last_skipped: null, created_by: authorIn(ctx) },
      ...{ created_at: at, updated_at: at },
    })
    record({ kind: 'schedule.created', ...place, subject_id: id, data: { cron, time_zone, paused } })
    if (next_at) wake({ name: 'fire-schedule', data: { schedule_id: id }, after: next_at })
    return row
  })
}
