import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface FreezeTable {
  id: string
  project_id: string
  /** Null: every environment of the project. */
  environment_id: string | null
  kind: 'window' | 'emergency'
  name: string
  rrule: string | null
  start: string | null
  duration_minutes: number | null
  time_zone: string | null
  starts_on: string | null
  reason: string | null
  expires_at: Date | null
  origin: 'configuration' | 'request'
  created_by: string | null
  created_at: Date
  lifted_at: Date | null
  lifted_by: string | null
  lift_reason: string | null
}

export type FreezeRow = Selectable<FreezeTable>
export type NamedFreeze = FreezeRow & { set_by: string | null; environment_name: string | null }

function withNames(db: Db) {
  return db
    .selectFrom('freeze')
    .leftJoin('user', 'user.id', 'freeze.created_by')
    .leftJoin('environment', 'environment.id', 'freeze.environment_id')
    .selectAll('freeze')
    .select(['user.name as set_by', 'environment.name as environment_name'])
}

export async function insertFreeze(db: Db, row: Insertable<FreezeTable>): Promise<void> {
  await db.insertInto('freeze').values(row).execute()
}

export function findFreeze(db: Db, id: string): Promise<NamedFreeze | undefined> {
  return withNames(db).where('freeze.id', '=', id).executeTakeFirst()
}

export interface FreezeFilter {
  project_id: string
  /** Those of this environment and those of the whole project. */
  environment_id?: string
  /** What was lifted, too. */
  lifted?: boolean
  /** Only of these environments, and those of the whole project. */
  environment_ids?: readonly string[]
}

/** Newest first, after `before`. */
export function listFreezes(
  db: Db,
  { project_id, environment_id, environment_ids, lifted = false }: FreezeFilter,
  page: { limit: number; before?: string },
): Promise<NamedFreeze[]> {
  let query = withNames(db)
    .where('freeze.project_id', '=', project_id)
    .orderBy('freeze.id', 'desc')
    .limit(page.limit)
  if (!lifted) query = query.where('freeze.lifted_at', 'is', null)
  if (environment_id !== undefined)
    query = query.where((eb) =>
      eb.or([eb('freeze.environment_id', 'is', null), eb('freeze.environment_id', '=', environment_id)]),
    )
  if (environment_ids)
    query = query.where((eb) =>
      eb.or([
        eb('freeze.environment_id', 'is', null),
        eb('freeze.environment_id', '=', sql<string>`any(${sql.val(environment_ids)}::uuid[])`),
      ]),
    )
  if (page.before !== undefined) query = query.where('freeze.id', '<', page.before)
  return query.execute()
}

/** A freeze as its gate asks for it, and where it holds. */
export type StandingFreeze = Pick<
  NamedFreeze,
  | 'id'
  | 'project_id'
  | 'environment_id'
  | 'name'
  | 'rrule'
  | 'start'
  | 'duration_minutes'
  | 'time_zone'
  | 'starts_on'
  | 'reason'
  | 'created_at'
  | 'expires_at'
  | 'set_by'
>

const asStanding = [
  ...(['freeze.id', 'freeze.project_id', 'freeze.environment_id', 'freeze.name', 'rrule', 'start'] as const),
  ...(['duration_minutes', 'time_zone', 'starts_on', 'reason', 'freeze.created_at', 'expires_at'] as const),
]

export function listFreezesById(db: Db, ids: readonly string[]): Promise<StandingFreeze[]> {
  return db
    .selectFrom('freeze')
    .leftJoin('user', 'user.id', 'freeze.created_by')
    .select(asStanding)
    .select('user.name as set_by')
    .where('freeze.id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** Those that the configuration declared for an environment and that stand. */
export function listDeclaredFreezes(db: Db, environmentId: string): Promise<FreezeRow[]> {
  return db
    .selectFrom('freeze')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('origin', '=', 'configuration')
    .where('lifted_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** False: it was lifted before. */
export async function liftFreeze(
  db: Db,
  id: string,
  lift: { lifted_at: Date; lifted_by: string | null; lift_reason: string | null },
): Promise<boolean> {
  const query = db.updateTable('freeze').set(lift).where('id', '=', id).where('lifted_at', 'is', null)
  return (await query.executeTakeFirst()).numUpdatedRows > 0n
}
