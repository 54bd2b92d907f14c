import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** What infrastructure needs to know of an environment. */
export interface InfraEnvironmentTable {
  environment_id: string
  cloud: Generated<string>
  time_zone: Generated<string>
  release_stream: string | null
  /** Null: the blueprint's own. */
  branch: string | null
  /** What modules are told of it beside its name. */
  facts: JsonColumnWithDefault<JsonObject>
  drift_cron: string | null
  drift_time_zone: Generated<string>
  next_drift_at: Date | null
  /** The state that the newest deployment which reached applying left when it succeeded. */
  settled_version: number | null
  version: Generated<number>
  updated_at: Date
}

export type InfraEnvironmentRow = Selectable<InfraEnvironmentTable>

export function findInfraEnvironment(
  db: Db,
  environmentId: string,
): Promise<InfraEnvironmentRow | undefined> {
  return db
    .selectFrom('infra_environment')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()
}

/** In no order. */
export function listInfraEnvironments(
  db: Db,
  environmentIds: readonly string[],
): Promise<InfraEnvironmentRow[]> {
  return db
    .selectFrom('infra_environment')
    .selectAll()
    .where('environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .execute()
}

/** As it is made with an environment; nothing where it is there already. */
export async function ensureInfraEnvironment(db: Db, row: Insertable<InfraEnvironmentTable>): Promise<void> {
  await db
    .insertInto('infra_environment')
    .values(row)
    .onConflict((clash) => clash.column('environment_id').doNothing())
    .execute()
}

export async function updateInfraEnvironment(
  db: Db,
  {
    environment_id,
    ...change
  }: Updateable<InfraEnvironmentTable> & { environment_id: string; updated_at: Date },
): Promise<void> {
  await db
    .updateTable('infra_environment')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('environment_id', '=', environment_id)
    .execute()
}

/** Held until the transaction ends: who writes down what drifted holds it. */
export function lockInfraEnvironment(
  db: Db,
  environmentId: string,
): Promise<InfraEnvironmentRow | undefined> {
  return db
    .selectFrom('infra_environment')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .forUpdate()
    .executeTakeFirst()
}

/** When environments are to be looked at for drift next, the earliest first. */
export async function listNextDrifts(db: Db, limit: number): Promise<{ environment_id: string; at: Date }[]> {
  return db
    .selectFrom('infra_environment')
    .select(['environment_id', sql<Date>`next_drift_at`.as('at')])
    .where('next_drift_at', 'is not', null)
    .orderBy('next_drift_at')
    .limit(limit)
    .execute()
}

/** The clock's own: nobody's version of it changes. */
export async function setDriftTime(db: Db, environmentId: string, next_drift_at: Date | null): Promise<void> {
  await db
    .updateTable('infra_environment')
    .set({ next_drift_at })
    .where('environment_id', '=', environmentId)
    .execute()
}
