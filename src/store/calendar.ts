import { sql, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'
import type { NamedFreeze } from './freeze.ts'

/** What of a calendar is asked for. */
export interface CalendarQuestion {
  /** Null: of every project. */
  project_ids: readonly string[] | null
  environment_ids: readonly string[] | null
  branches: readonly string[] | null
  from: Date
  to: Date
  /** Rows of each kind at most, the earliest first. */
  limit: number
}

interface Place {
  project_id: string
  project_key: string
  environment_id: string | null
  environment_name: string | null
}

const inPlace = (
  { project_ids, environment_ids }: CalendarQuestion,
  project: RawBuilder<unknown>,
  environment: RawBuilder<unknown>,
) => sql`(${project_ids}::uuid[] is null or ${project} = any(${project_ids}::uuid[]))
  and (${environment_ids}::uuid[] is null or ${environment} is null or ${environment} = any(${environment_ids}::uuid[]))`

export type CalendarDeployment = Place &
  Pick<
    DeploymentRow,
    'id' | 'state' | 'reason' | 'due_at' | 'requested_at' | 'started_at' | 'finished_at' | 'dry_run'
  > & {
    release_name: string
  }

/** Those that are due in that time and have not started, and those that ended in it. */
export async function listCalendarDeployments(
  db: Db,
  asked: CalendarQuestion,
): Promise<CalendarDeployment[]> {
  const { branches, from, to, limit, project_ids } = asked
  // Inside, where there is an index for it.
  const here = project_ids ? sql`and project_id = any(${project_ids}::uuid[])` : sql``
  const { rows } = await sql<CalendarDeployment>`
    select d.id, d.state, d.reason, d.due_at, d.requested_at, d.started_at, d.finished_at, d.dry_run,
      d.project_id, p.key as project_key, d.environment_id, e.name as environment_name, r.name as release_name
    from (
      select * from deployment
      where due_at >= ${from}::timestamptz and due_at < ${to}::timestamptz and finished_at is null ${here}
      union all
      select * from deployment where finished_at >= ${from}::timestamptz and finished_at < ${to}::timestamptz
        ${here}) d
    join release r on r.id = d.release_id join environment e on e.id = d.environment_id
    join project p on p.id = d.project_id
    where ${inPlace(asked, sql.ref('d.project_id'), sql.ref('d.environment_id'))}
      and (${branches}::text[] is null or r.branch is null or r.branch = any(${branches}::text[]))
    order by coalesce(d.finished_at, d.due_at), d.id limit ${limit}
  `.execute(db)
  return rows
}

export type CalendarFreeze = NamedFreeze & { project_key: string }

/** Freezes that were not lifted or over before that time. When a window's days are, is for the domain to say. */
export async function listCalendarFreezes(db: Db, asked: CalendarQuestion): Promise<CalendarFreeze[]> {
  const { from, to, limit } = asked
  const { rows } = await sql<CalendarFreeze>`
    select f.*, p.key as project_key, e.name as environment_name, u.name as set_by
    from "freeze" f join project p on p.id = f.project_id
    left join environment e on e.id = f.environment_id left join "user" u on u.id = f.created_by
    where (f.lifted_at is null or f.lifted_at > ${from}::timestamptz) and f.created_at < ${to}::timestamptz
      and (f.expires_at is null or f.expires_at > ${from}::timestamptz)
      and ${inPlace(asked, sql.ref('f.project_id'), sql.ref('f.environment_id'))}
    order by f.id limit ${limit}
  `.execute(db)
  return rows
}

export type CalendarSchedule = Place & { id: string; cron: string; time_zone: string; next_at: Date }

/** Schedules whose next time is in that time or before it; none that is paused. */
export async function listCalendarSchedules(db: Db, asked: CalendarQuestion): Promise<CalendarSchedule[]> {
  const { to, limit } = asked
  const { rows } = await sql<CalendarSchedule>`
    select s.id, s.cron, s.time_zone, s.next_at, e.project_id, p.key as project_key,
      s.environment_id, e.name as environment_name
    from release_schedule s join environment e on e.id = s.environment_id join project p on p.id = e.project_id
    where s.next_at < ${to}::timestamptz and not s.paused
      and ${inPlace(asked, sql.ref('e.project_id'), sql.ref('s.environment_id'))}
    order by s.next_at, s.id limit ${limit}
  `.execute(db)
  return rows
}

export type CalendarHold = Place & {
  id: string
  reason: string | null
  created_at: Date
  released_at: Date | null
}

export async function listCalendarHolds(db: Db, asked: CalendarQuestion): Promise<CalendarHold[]> {
  const { from, to, limit } = asked
  const { rows } = await sql<CalendarHold>`
    select h.id, h.reason, h.created_at, h.released_at, e.project_id, p.key as project_key,
      h.environment_id, e.name as environment_name
    from hold h join environment e on e.id = h.environment_id join project p on p.id = e.project_id
    where h.created_at < ${to}::timestamptz and (h.released_at is null or h.released_at > ${from}::timestamptz)
      and ${inPlace(asked, sql.ref('e.project_id'), sql.ref('h.environment_id'))}
    order by h.created_at, h.id limit ${limit}
  `.execute(db)
  return rows
}
