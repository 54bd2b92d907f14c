import { Type } from 'typebox'
import { resolveBeginning } from '#app/external-ids/resolve-beginning.ts'
import { createSchedule } from '#app/schedules/create-schedule.ts'
import { getSchedule, listSchedules } from '#app/schedules/list-schedules.ts'
import { removeSchedule } from '#app/schedules/remove-schedule.ts'
import { updateSchedule } from '#app/schedules/update-schedule.ts'
import { DomainError } from '#domain/errors.ts'
import type { queue } from '../endpoints/queue.ts'
import { findCluster, type Place } from '../find-place.ts'
import { readDigits } from '../ids.ts'
import { objectIn } from '../read-body.ts'
import { readSchedule } from '../read-schedule.ts'
import type { Call, Routes } from '../route.ts'
import { ReleaseSchedule } from '../wire/schedule.ts'
import { typeOf, writeSchedule } from '../write-schedule.ts'

/** More than an environment can have. */
const most = 200

const cluster = (call: Call) => findCluster(call, call.params['clusterId'] ?? '')
const shown = (call: Call, row: Parameters<typeof writeSchedule>[0]) =>
  writeSchedule(row, call.params['clusterId'] ?? '')

/** The schedule that the address names, of the cluster that it names. Throws `not_found`. */
async function scheduleIn(call: Call): Promise<{ schedule_id: string; environment_id: string }> {
  const { environment_id } = await cluster(call)
  const id = call.params['scheduleId'] ?? ''
  const digits = readDigits(id)
  const schedule_id = digits && (await resolveBeginning(call.ctx, 'release_schedule', digits))
  if (!schedule_id) throw new DomainError('not_found', { what: 'schedule', id })
  return { schedule_id, environment_id }
}

type ScheduleNames = 'schedules' | 'schedule' | 'createSchedule' | 'updateSchedule' | 'removeSchedule'

export const scheduleRoutes: Pick<Routes<typeof queue>, ScheduleNames> = {
  schedules: {
    answer: Type.Array(ReleaseSchedule),
    async handle(call) {
      const { project_id, environment_id } = await cluster(call)
      const rows = await listSchedules(call.ctx, { project_id, environment_id, limit: most })
      return rows.map((row) => shown(call, row))
    },
  },
  schedule: {
    answer: ReleaseSchedule,
    handle: async (call) => shown(call, await getSchedule(call.ctx, await scheduleIn(call))),
  },
  createSchedule: {
    body: ReleaseSchedule,
    answer: ReleaseSchedule,
    async handle(call) {
      const { project_id, environment_id } = await cluster(call)
      const asked = { project_id, environment_id, ...readSchedule(objectIn(call)) }
      return shown(call, await createSchedule(call.ctx, asked))
    },
  },
  updateSchedule: {
    body: ReleaseSchedule,
    answer: ReleaseSchedule,
    async handle(call) {
      const which = await scheduleIn(call)
      return shown(call, await updateSchedule(call.ctx, { ...which, ...readSchedule(objectIn(call)) }))
    },
  },
  removeSchedule: {
    answer: 'nothing',
    async handle(call) {
      await removeSchedule(call.ctx, await scheduleIn(call))
    },
  },
}

/** When releases of each type come next, for the overview: `{ RELEASE: { nextReleaseTime, timeToNextRelease } }`. */
export async function executionTimes(
  { ctx }: Pick<Call, 'ctx'>,
  { project_id, environment_id }: Place,
): Promise<Record<string, { nextReleaseTime: string; timeToNextRelease: number }>> {
  const rows = await listSchedules(ctx, { project_id, environment_id, limit: most })
  const ahead = rows.flatMap((row) => (row.next_at ? [{ type: typeOf(row), at: row.next_at }] : []))
  const latestFirst = ahead.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  const said = latestFirst.map(
    ({ type, at }): [string, { nextReleaseTime: string; timeToNextRelease: number }] => [
      type,
      {
        nextReleaseTime: at.toISOString(),
        timeToNextRelease: Math.max(0, Math.floor((at.getTime() - ctx.now().getTime()) / 1000)),
      },
    ],
  )
  return Object.fromEntries(said)
}
