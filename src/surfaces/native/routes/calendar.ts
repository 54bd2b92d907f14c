import { Type } from 'typebox'
import { CalendarItem } from '#api/calendar.ts'
import { Exactly, List, Time } from '#api/schema.ts'
import { calendarReader } from '#app/calendar/calendar-reader.ts'
import { readCalendar } from '#app/calendar/read-calendar.ts'
import type { House } from '#app/context.ts'
import { callerOf, identifyAgain } from '../caller.ts'
import { projectAt, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCalendarItem, writeCalendar } from '../views/calendar.ts'

const project = Type.Optional(Type.String({ maxLength: 128, description: 'Only of this project: its key' }))

const CalendarQuery = Exactly({
  project,
  from: Type.Optional({ ...Time, description: '30 days ago when left out' }),
  to: Type.Optional({ ...Time, description: '90 days after now when left out; not included' }),
})

const FeedQuery = Exactly({
  project,
  token: Type.Optional(
    Type.String({
      maxLength: 128,
      description:
        'For calendars that send no headers: a token with no other scopes than deployment.read and project.read',
    }),
  ),
})

const dayMs = 86_400_000
const tags = ['deployments']

export function calendarRoutes(server: NativeServer, house: House): void {
  server.get(
    `${root}/calendar`,
    {
      schema: {
        ...{
          tags,
          summary: 'What is scheduled, what was deployed, and what is frozen or on hold, in its order',
        },
        ...{ querystring: CalendarQuery, response: { 200: List(CalendarItem) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { from, to, ...where } = request.query
      const now = ctx.now().getTime()
      const items = await readCalendar(ctx, {
        ...(where.project === undefined
          ? {}
          : { project_id: (await projectAt(ctx, { key: where.project })).id }),
        from: from === undefined ? new Date(now - 30 * dayMs) : timeField('query.from', from),
        to: to === undefined ? new Date(now + 90 * dayMs) : timeField('query.to', to),
      })
      return { items: items.map(viewCalendarItem), next: null }
    },
  )

  server.get(
    `${root}/calendar.ics`,
    {
      config: { public: true },
      schema: {
        ...{ tags, summary: 'The same as a feed for calendars: from 30 days ago to 180 days from now' },
        ...{ querystring: FeedQuery, produces: ['text/calendar'] },
        response: { 200: Type.String({ description: 'text/calendar' }) },
      },
    },
    async (request, reply) => {
      const { token, project: key } = request.query
      const ctx =
        token === undefined ? await identifyAgain(house, request) : await calendarReader(house, token)
      const now = ctx.now().getTime()
      const [from, to] = [new Date(now - 30 * dayMs), new Date(now + 180 * dayMs)]
      const place = key === undefined ? {} : { project_id: (await projectAt(ctx, { key })).id }
      const items = await readCalendar(ctx, { ...place, from, to })
      return reply.header('content-type', 'text/calendar; charset=utf-8').send(writeCalendar(items, to))
    },
  )
}
