import { DomainError, invalidField } from '#domain/errors.ts'
import { sightOf } from '#domain/event-sight.ts'
import { bucketsBetween, isTimeZone, type Interval } from '#domain/time-buckets.ts'
import { measureDeployments, type InsightRow, type Spread } from '#store/insight.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface InsightsAsked {
  project_id?: string
  environment_id?: string
  from: Date
  to: Date
  interval: Interval
  /** IANA. Days begin there. */
  time_zone: string
}

/** A share, with the two numbers behind it; null of nothing. */
export interface Share {
  count: number
  of: number
  rate: number | null
}

/** The five measures of DORA, durations in seconds. */
export interface Measures {
  deployment_frequency: { count: number; per_day: number }
  lead_time: Spread
  change_failure_rate: Share
  time_to_restore: Spread & { unrestored: number }
  rework_rate: Share
}

export interface Insights extends Measures {
  buckets: (Measures & { from: Date; to: Date })[]
}

const mostBuckets = 400
const dayMs = 86_400_000

/**
 * How deployments went, from our own rows: of the whole time, and of each day, week or month in it.
 * What a token cannot see is not counted. Throws `forbidden`, `invalid`.
 */
export async function readInsights(ctx: Context, asked: InsightsAsked): Promise<Insights> {
  const { project_id, environment_id, from, to, interval, time_zone } = asked
  if (project_id !== undefined) authorize(ctx, 'deployment.read', { project_id, environment_id })
  const sight = sightOf(ctx.principal, 'deployment.read')
  if (!sight) {
    const detail = `${ctx.principal?.name} may not read deployments.`
    throw new DomainError('forbidden', { action: 'deployment.read', detail })
  }
  if (from >= to) throw invalidField('query.to', 'invalid', 'is not after `from`')
  if (!isTimeZone(time_zone))
    throw invalidField('query.time_zone', 'unknown', 'is no time zone such as Europe/Paris')
  const begins = bucketsBetween(from, to, interval, time_zone, mostBuckets)
  if (begins.length > mostBuckets)
    throw invalidField('query.interval', 'too_many', `gives more than ${mostBuckets} of them in this time`)
  const project_ids = project_id === undefined ? sight.project_ids : [project_id]
  const rows = await measureDeployments(ctx.db, {
    ...sight,
    ...{ project_ids, from, to, begins },
    ...(environment_id === undefined ? {} : { environment_id }),
  })
  const byBucket = new Map(rows.map((row) => [row.bucket, row]))
  return {
    ...measuresOf(byBucket.get(null), from, to),
    buckets: begins.map((at, index) => {
      const [start, end] = [at < from ? from : at, begins[index + 1] ?? to]
      return { from: start, to: end, ...measuresOf(byBucket.get(index + 1), start, end) }
    }),
  }
}

const nothing: Omit<InsightRow, 'bucket'> = {
  ...{ deployments: 0, succeeded: 0, rollbacks: 0, failed: 0, unplanned: 0, unrestored: 0 },
  ...{ lead_count: 0, lead_median: null, lead_p90: null },
  ...{ restore_count: 0, restore_median: null, restore_p90: null },
}

function measuresOf(row: Omit<InsightRow, 'bucket'> = nothing, from: Date, to: Date): Measures {
  const days = (to.getTime() - from.getTime()) / dayMs
  return {
    deployment_frequency: { count: row.succeeded, per_day: round(row.succeeded / days) },
    lead_time: { count: row.lead_count, median: whole(row.lead_median), p90: whole(row.lead_p90) },
    change_failure_rate: share(row.failed, row.deployments - row.rollbacks),
    time_to_restore: {
      ...{ count: row.restore_count, median: whole(row.restore_median), p90: whole(row.restore_p90) },
      unrestored: row.unrestored,
    },
    rework_rate: share(row.unplanned, row.deployments),
  }
}

const share = (count: number, of: number): Share => ({ count, of, rate: of === 0 ? null : round(count / of) })
const whole = (seconds: number | null) => (seconds === null ? null : Math.max(0, Math.round(seconds)))
const round = (number: number) => Math.round(number * 10_000) / 10_000
