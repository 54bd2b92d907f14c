import { DomainError } from '#domain/errors.ts'
import { lockSchedule, removeSchedule as remove } from '#store/release-schedule.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { getSchedule } from './list-schedules.ts'

/** What it has asked for already goes on. Throws `not_found`, `forbidden`, `version_conflict`. */
export async function removeSchedule(
  ctx: Context,
  {
    schedule_id,
    environment_id,
    version,
  }: { schedule_id: string; environment_id: string; version?: number | undefined },
): Promise<void> {
  const { project_id, cron } = await getSchedule(ctx, { schedule_id, environment_id })
  authorize(ctx, 'schedule.edit', { project_id, environment_id })
  await transact(ctx, async ({ tx, record }) => {
    const held = await lockSchedule(tx, schedule_id)
    if (!held) throw new DomainError('not_found', { what: 'schedule', id: schedule_id })
    requireVersion('schedule', held, version)
    await remove(tx, schedule_id)
    record({ kind: 'schedule.removed', project_id, environment_id, subject_id: schedule_id, data: { cron } })
  })
}
