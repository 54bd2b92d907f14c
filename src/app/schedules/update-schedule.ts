import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { lockSchedule, updateSchedule as write, type ReleaseScheduleRow } from '#store/release-schedule.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { getSchedule } from './list-schedules.ts'
import { checkSchedule, nextTime, type ScheduleSaid } from './schedule-fields.ts'

export interface ScheduleChange extends Partial<ScheduleSaid> {
  schedule_id: string
  environment_id: string
  annotations?: Annotations
  version?: number | undefined
}

/**
 * What is left out stays; `terms` are given as a whole. Times that passed while it was paused are not made up. Throws
 * `not_found`, `forbidden`, `invalid`, `version_conflict`.
 */
export async function updateSchedule(ctx: Context, input: ScheduleChange): Promise<ReleaseScheduleRow> {
  const { schedule_id, environment_id } = input
  const { project_id } = await getSchedule(ctx, input)
  const place = { project_id, environment_id }
  authorize(ctx, 'schedule.edit', place)
  return transact(ctx, async ({ tx, record, wake }) => {
    const held = await lockSchedule(tx, schedule_id)
    if (!held) throw new DomainError('not_found', { what: 'schedule', id: schedule_id })
    requireVersion('schedule', held, input.version)
    const { cron = held.cron, time_zone = held.time_zone, terms = held.terms } = input
    const { paused = held.paused, annotations = held.annotations } = input
    const said = { cron, time_zone, terms, paused }
    await checkSchedule(ctx, place, said)
    const before = { cron: held.cron, time_zone: held.time_zone, terms: held.terms, paused: held.paused }
    if (isDeepStrictEqual({ ...said, annotations }, { ...before, annotations: held.annotations })) return held
    const sameTimes = cron === held.cron && time_zone === held.time_zone && paused === held.paused
    const next_at = sameTimes ? held.next_at : await nextTime(ctx, said)
    const row = await write(tx, schedule_id, {
      ...{ cron, time_zone, paused, next_at, updated_at: ctx.now() },
      ...{ terms: JSON.stringify(terms), annotations: JSON.stringify(annotations) },
    })
    record({ kind: 'schedule.updated', ...place, subject_id: schedule_id, data: { cron, time_zone, paused } })
    if (next_at && !sameTimes) wake({ name: 'fire-schedule', data: { schedule_id }, after: next_at })
    return row
  })
}
