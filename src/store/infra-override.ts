import { sql, type Generated, type Insertable, type Selectable } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** What an environment has otherwise than the blueprint says. */
export interface InfraOverrideTable {
  environment_id: string
  resource_type: string
  resource_name: string
  /** Merged into the resource. Null: nothing. */
  changes: JsonColumn<JsonObject> | null
  /** Null: as the blueprint says. */
  disabled: boolean | null
  reason: string | null
  version: Generated<number>
  updated_by: string | null
  updated_at: Date
}

export type InfraOverrideRow = Selectable<InfraOverrideTable>
/** Which resource's it is. */
export interface OverridePlace {
  environment_id: string
  resource_type: string
  resource_name: string
}

/** By type and name, after a resource's; all of them where no page is asked for. */
export function listInfraOverrides(
  db: Db,
  environmentId: string,
  page: { limit?: number; after?: { type: string; name: string } } = {},
): Promise<InfraOverrideRow[]> {
  const { limit, after } = page
  let query = db
    .selectFrom('infra_override')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('resource_type')
    .orderBy('resource_name')
  if (after)
    query = query.where(sql<boolean>`(resource_type, resource_name) > (${after.type}, ${after.name})`)
  if (limit !== undefined) query = query.limit(limit)
  return query.execute()
}

export function findInfraOverride(db: Db, place: OverridePlace): Promise<InfraOverrideRow | undefined> {
  return at(db.selectFrom('infra_override').selectAll(), place).executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockInfraOverride(db: Db, place: OverridePlace): Promise<InfraOverrideRow | undefined> {
  return at(db.selectFrom('infra_override').selectAll(), place).forUpdate().executeTakeFirst()
}

function at<Q extends { where(column: keyof OverridePlace, operator: '=', value: string): Q }>(
  query: Q,
  { environment_id, resource_type, resource_name }: OverridePlace,
): Q {
  return query
    .where('environment_id', '=', environment_id)
    .where('resource_type', '=', resource_type)
    .where('resource_name', '=', resource_name)
}

type Put = Required<Omit<Insertable<InfraOverrideTable>, 'version'>>

/** As they are from now on, each version one up. In no order. */
export function putInfraOverrides(db: Db, rows: readonly Put[]): Promise<InfraOverrideRow[]> {
  if (rows.length === 0) return Promise.resolve([])
  return db
    .insertInto('infra_override')
    .values([...rows])
    .onConflict((clash) =>
      clash.columns(['environment_id', 'resource_type', 'resource_name']).doUpdateSet((eb) => ({
        changes: eb.ref('excluded.changes'),
        disabled: eb.ref('excluded.disabled'),
        reason: eb.ref('excluded.reason'),
        version: sql<number>`infra_override.version + 1`,
        updated_by: eb.ref('excluded.updated_by'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .returningAll()
    .execute()
}

/** False: there was none. */
export async function removeInfraOverride(db: Db, place: OverridePlace): Promise<boolean> {
  const result = await db
    .deleteFrom('infra_override')
    .where('environment_id', '=', place.environment_id)
    .where('resource_type', '=', place.resource_type)
    .where('resource_name', '=', place.resource_name)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}
