import { Type } from 'typebox'
import { Insights } from '#api/insights.ts'
import { Exactly, OneOf, Time, ref } from '#api/schema.ts'
import { readInsights } from '#app/insights/read-insights.ts'
import { invalidField } from '#domain/errors.ts'
import { intervals } from '#domain/time-buckets.ts'
import { callerOf } from '../caller.ts'
import { environmentAt, projectAt, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'

const Word = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

const InsightsQuery = Exactly({
  project: Word('Only of this project: its key'),
  environment: Word('Only of this environment of the project: its name'),
  from: Type.Optional({ ...Time, description: '30 days before `to` when left out' }),
  to: Type.Optional({ ...Time, description: 'Now when left out; not included' }),
  interval: Type.Optional(OneOf(intervals, { description: 'day when left out' })),
  time_zone: Word('Where days begin: UTC when left out'),
})

const usualMs = 30 * 86_400_000

export function insightRoutes(server: NativeServer): void {
  server.get(
    `${root}/insights`,
    {
      schema: {
        tags: ['deployments'],
        summary: 'How deployments go: the five measures of DORA, with the numbers behind them',
        querystring: InsightsQuery,
        response: { 200: ref(Insights) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { project, environment, interval = 'day', time_zone = 'UTC', ...times } = request.query
      const to = times.to === undefined ? ctx.now() : timeField('query.to', times.to)
      const from =
        times.from === undefined ? new Date(to.getTime() - usualMs) : timeField('query.from', times.from)
      const where = await placeOf(ctx, project, environment)
      const { buckets, ...whole } = await readInsights(ctx, { ...where, from, to, interval, time_zone })
      const shown = buckets.map((one) => ({ ...one, from: one.from.toISOString(), to: one.to.toISOString() }))
      return { ...whole, buckets: shown }
    },
  )
}

async function placeOf(ctx: Parameters<typeof projectAt>[0], key?: string, name?: string) {
  if (name !== undefined) {
    if (key === undefined) throw invalidField('query.project', 'required', 'is needed to name an environment')
    const { id, project_id } = await environmentAt(ctx, { key, name })
    return { project_id, environment_id: id }
  }
  return key === undefined ? {} : { project_id: (await projectAt(ctx, { key })).id }
}
