import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

/** How the deployments are that a schedule asks for. */
export interface ScheduleTerms {
  dry_run?: boolean
  refresh?: boolean
  forced?: boolean
  allow_destroy?: boolean
  /** The keys of the resources that it is about; left out, all. */
  items?: string[]
  reason?: string
}

/** A release that comes again and again. */
export interface ReleaseScheduleTable {
  id: string
  environment_id: string
  cron: string
  time_zone: Generated<string>
  terms: JsonColumnWithDefault<ScheduleTerms>
  annotations: JsonColumnWithDefault<Annotations>
  paused: Generated<boolean>
  /** Null while it is paused, and where there is no next time. */
  next_at: Date | null
  last_at: Date | null
  last_deployment_id: string | null
  last_skipped: string | null
  version: Generated<number>
  created_by: string | null
  created_at: Date
  updated_at: Date
}

export type ReleaseScheduleRow = Selectable<ReleaseScheduleTable>
export type PlacedSchedule = ReleaseScheduleRow & { project_id: string }

export function findSchedule(db: Db, id: string): Promise<PlacedSchedule | undefined> {
  return db
    .selectFrom('release_schedule')
    .innerJoin('environment', 'environment.id', 'release_schedule.environment_id')
    .selectAll('release_schedule')
    .select('environment.project_id')
    .where('release_schedule.id', '=', id)
    .executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockSchedule(db: Db, id: string): Promise<ReleaseScheduleRow | undefined> {
  return db.selectFrom('release_schedule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** In the order in which they were made, those after `after`. */
export function listSchedules(
  db: Db,
  environmentId: string,
  page: { limit: number; after?: string | undefined },
): Promise<ReleaseScheduleRow[]> {
  let query = db
    .selectFrom('release_schedule')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('id')
    .limit(page.limit)
  if (page.after !== undefined) query = query.where('id', '>', page.after)
  return query.execute()
}

export async function countSchedules(db: Db, environmentId: string): Promise<number> {
  const query = db.selectFrom('release_schedule').select(({ fn }) => fn.countAll<number>().as('count'))
  return (await query.where('environment_id', '=', environmentId).executeTakeFirstOrThrow()).count
}

export async function insertSchedule(
  db: Db,
  row: Insertable<ReleaseScheduleTable>,
): Promise<ReleaseScheduleRow> {
  return db.insertInto('release_schedule').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Of a row that is held. Changing what people said counts as a version. */
export async function updateSchedule(
  db: Db,
  id: string,
  change: Updateable<ReleaseScheduleTable>,
): Promise<ReleaseScheduleRow> {
  return db
    .updateTable('release_schedule')
    .set({ ...change, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What became of it at one of its times. */
export async function setScheduleTime(
  db: Db,
  id: string,
  time: Pick<ReleaseScheduleRow, 'next_at' | 'last_at' | 'last_deployment_id' | 'last_skipped'>,
): Promise<void> {
  await db.updateTable('release_schedule').set(time).where('id', '=', id).execute()
}

export async function removeSchedule(db: Db, id: string): Promise<void> {
  await db.deleteFrom('release_schedule').where('id', '=', id).execute()
}

/** When schedules come next, the earliest first. */
export function listNextSchedules(db: Db, limit: number): Promise<{ id: string; next_at: Date }[]> {
  return db
    .selectFrom('release_schedule')
    .select(['id', sql<Date>`next_at`.as('next_at')])
    .where('next_at', 'is not', null)
    .where('paused', '=', false)
    .orderBy('next_at')
    .limit(limit)
    .execute()
}
