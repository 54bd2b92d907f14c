import { Type } from 'typebox'
import { NewSchedule, Schedule, ScheduleChange } from '#api/schedule.ts'
import { ref, Page, PageQuery } from '#api/schema.ts'
import { createSchedule } from '#app/schedules/create-schedule.ts'
import { getSchedule, listSchedules } from '#app/schedules/list-schedules.ts'
import { removeSchedule } from '#app/schedules/remove-schedule.ts'
import type { ScheduleTerms } from '#app/schedules/schedule-fields.ts'
import { updateSchedule } from '#app/schedules/update-schedule.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewSchedule } from '../views/schedule.ts'
import { ByKeyAndName, ByKeyNameAndId } from './params.ts'

const tags = ['deployments']
const all = `${root}/projects/:key/environments/:name/schedules`
const one = `${all}/:id`

export function scheduleRoutes(server: NativeServer): void {
  listRoutes(server)
  const params = ByKeyNameAndId
  server.get(
    one,
    { schema: { tags, summary: 'A schedule', params, response: { 200: ref(Schedule) } } },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const schedule_id = idIn('schedule', request.params.id)
      const row = await getSchedule(ctx, { schedule_id, environment_id })
      return viewSchedule(row)
    },
  )

  server.patch(
    one,
    {
      config: { versioned: true },
      schema: {
        ...{ tags, params, body: ScheduleChange, response: { 200: ref(Schedule) } },
        summary: 'Change a schedule, or pause it: what is left out stays',
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const schedule_id = idIn('schedule', request.params.id)
      const { cron, time_zone, paused, ...said } = request.body
      const { terms: before } = await getSchedule(ctx, { schedule_id, environment_id })
      const terms = { ...before, ...termsOf(said) }
      const change = { ...{ cron, time_zone, paused }, terms, version: boundVersion(request) }
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const row = await updateSchedule(ctx, { schedule_id, environment_id, ...given })
      return viewSchedule(row)
    },
  )

  server.delete(
    one,
    {
      config: { versioned: true },
      schema: { tags, summary: 'Remove a schedule', params, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const schedule_id = idIn('schedule', request.params.id)
      await removeSchedule(ctx, { schedule_id, environment_id, version: boundVersion(request) })
      return reply.code(204).send(null)
    },
  )
}

function listRoutes(server: NativeServer): void {
  const params = ByKeyAndName
  server.get(
    all,
    {
      schema: {
        ...{ tags, summary: 'Releases that come by themselves, in the order in which they were made' },
        ...{ params, querystring: PageQuery, response: { 200: Page(Schedule) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { limit, after } = request.query
      const page = { limit: oneMore(limit), after: afterId('schedule', after) }
      const rows = await listSchedules(ctx, { project_id, environment_id, ...page })
      return pageOf(rows, limit, viewSchedule, ({ id }) => showId('schedule', id))
    },
  )

  server.post(
    all,
    {
      schema: {
        ...{ tags, params, body: NewSchedule, response: { 201: ref(Schedule) } },
        summary: 'Have an environment of infrastructure released by itself, as its blueprint is then',
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { cron, time_zone = 'UTC', paused = false, ...said } = request.body
      const input = { project_id, environment_id, cron, time_zone, paused, terms: termsOf(said) }
      const row = await createSchedule(ctx, input)
      const shown = viewSchedule(row)
      return reply
        .code(201)
        .header('location', `${request.url.split('?')[0]}/${shown.id}`)
        .send(shown)
    },
  )
}

function termsOf({ force, ...terms }: Omit<ScheduleTerms, 'forced'> & { force?: boolean }): ScheduleTerms {
  return { ...terms, ...(force === undefined ? {} : { forced: force }) }
}
