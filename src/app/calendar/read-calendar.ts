import { setImmediate as othersFirst } from 'node:timers/promises'
import { DomainError, invalidField } from '#domain/errors.ts'
import { sightOf } from '#domain/event-sight.ts'
import { windowsBetween } from '#domain/freeze-window.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import {
  listCalendarDeployments,
  listCalendarFreezes,
  listCalendarHolds,
  listCalendarSchedules,
  type CalendarDeployment,
  type CalendarFreeze,
  type CalendarHold,
  type CalendarQuestion,
} from '#store/calendar.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { freezeOf } from '../freezes/known-freezes.ts'
import { scheduleItems } from './schedule-items.ts'

export interface CalendarItem {
  kind: 'scheduled' | 'recurring' | 'deployment' | 'freeze' | 'hold'
  /** Of the deployment, the schedule, the freeze or the hold. A window that recurs is there once for each time. */
  id: string
  title: string
  from: Date
  /** Null: nobody knows yet. */
  to: Date | null
  project_id: string
  project_key: string
  environment_id: string | null
  environment_name: string | null
  /** Of a deployment. */
  state: DeploymentState | null
  reason: string | null
}

export interface CalendarAsked {
  project_id?: string
  from: Date
  to: Date
}

const dayMs = 86_400_000
const most = { days: 400, rows: 2000, items: 10_000 }

/** What is planned, what happened and what is shut in that time, in its order. Throws `forbidden`, `invalid`. */
export async function readCalendar(
  ctx: Context,
  { project_id, from, to }: CalendarAsked,
): Promise<CalendarItem[]> {
  if (project_id !== undefined) authorize(ctx, 'deployment.read', { project_id })
  const sight = sightOf(ctx.principal, 'deployment.read')
  if (!sight) {
    const detail = `${ctx.principal?.name} may not read deployments.`
    throw new DomainError('forbidden', { action: 'deployment.read', detail })
  }
  if (from >= to) throw invalidField('query.to', 'invalid', 'is not after `from`')
  if (to.getTime() - from.getTime() > most.days * dayMs)
    throw invalidField('query.to', 'too_many', `is more than ${most.days} days after \`from\``)
  const project_ids = project_id === undefined ? sight.project_ids : [project_id]
  const asked: CalendarQuestion = { ...sight, project_ids, from, to, limit: most.rows }
  const deployments = await listCalendarDeployments(ctx.db, asked)
  const freezes = await listCalendarFreezes(ctx.db, asked)
  const holds = await listCalendarHolds(ctx.db, asked)
  const schedules = await listCalendarSchedules(ctx.db, asked)
  const coming = (await scheduleItems(schedules, to)).filter((item) => item.from >= from)
  const items = [
    ...coming,
    ...deployments.map(deploymentItem),
    ...(await windowsOf(freezes, from, to)),
    ...holds.map(holdItem),
  ]
  return items.toSorted((a, b) => a.from.getTime() - b.from.getTime()).slice(0, most.items)
}

/** A rule takes milliseconds to be worked out, and there may be a thousand: others are served in between. */
async function windowsOf(freezes: readonly CalendarFreeze[], from: Date, to: Date): Promise<CalendarItem[]> {
  const found: CalendarItem[] = []
  for (const freeze of freezes) {
    found.push(...freezeItems(freeze, from, to))
    if (found.length >= most.items) break
    await othersFirst()
  }
  return found
}

const placeOf = ({
  project_id,
  project_key,
  environment_id,
  environment_name,
}: Omit<CalendarHold, 'id'>) => ({
  ...{ project_id, project_key, environment_id, environment_name },
})

function deploymentItem(row: CalendarDeployment): CalendarItem {
  const { id, state, reason, release_name, due_at, started_at, finished_at, requested_at } = row
  const scheduled = finished_at === null
  return {
    ...{ kind: scheduled ? 'scheduled' : 'deployment', id, state, reason },
    title: `${release_name} to ${row.environment_name}${row.dry_run ? ' (dry run)' : ''}`,
    from: (scheduled ? due_at : started_at) ?? finished_at ?? requested_at,
    to: finished_at,
    ...placeOf({ ...row, created_at: requested_at, released_at: null }),
  }
}

function holdItem({ id, created_at, released_at, reason, ...place }: CalendarHold): CalendarItem {
  const title = `Hold on ${place.environment_name}`
  return { kind: 'hold', id, title, from: created_at, to: released_at, state: null, reason, ...place }
}

/** A stop is one span; a window is one for each time that it is in force, cut off where it was lifted. */
function freezeItems(row: CalendarFreeze, from: Date, to: Date): CalendarItem[] {
  const { id, name, reason, project_id, project_key, environment_id, environment_name } = row
  const where = environment_name ?? project_key
  const place = { project_id, project_key, environment_id, environment_name }
  const title = `Freeze ${name} of ${where}`
  const item = { kind: 'freeze' as const, id, title, state: null, reason }
  return spansOf(row, from, to).map((span) => ({ ...item, ...span, ...place }))
}

function spansOf(row: CalendarFreeze, from: Date, to: Date): { from: Date; to: Date | null }[] {
  const { rule } = freezeOf(row)
  const { lifted_at, created_at, expires_at } = row
  if (!rule) return [{ from: created_at, to: lifted_at ?? expires_at }]
  const before = from.getTime() - rule.duration_minutes * 60_000
  const cut = lifted_at?.getTime() ?? Infinity
  return safeWindows(rule, before, to.getTime())
    .filter((span) => span.until > from.getTime() && span.from < cut)
    .map((span) => ({ from: new Date(span.from), to: new Date(Math.min(span.until, cut)) }))
}

/** A rule that costs too much to work out by now shows nothing; its gate is shut all the same, and says so. */
function safeWindows(rule: Parameters<typeof windowsBetween>[0], from: number, to: number) {
  try {
    return windowsBetween(rule, from, to).map((span) => ({ from: span.from, until: span.until ?? to }))
  } catch {
    return []
  }
}
