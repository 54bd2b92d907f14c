import { sql, type Generated, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

/** A value of an environment that the blueprint refers to by its name. */
export interface InfraVariableTable {
  environment_id: string
  name: string
  /** A secret is sealed for its environment. */
  value: string
  secret: Generated<boolean>
  version: Generated<number>
  updated_by: string | null
  updated_at: Date
}

export type InfraVariableRow = Selectable<InfraVariableTable>

/** All of an environment, by name; or those of some names. */
export function listInfraVariables(
  db: Db,
  environmentId: string,
  names?: readonly string[],
): Promise<InfraVariableRow[]> {
  const query = db
    .selectFrom('infra_variable')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('name')
  if (!names) return query.execute()
  return query.where('name', '=', sql<string>`any(${sql.val(names)}::text[])`).execute()
}

/** Held until the transaction ends. */
export function lockInfraVariable(
  db: Db,
  environmentId: string,
  name: string,
): Promise<InfraVariableRow | undefined> {
  return db
    .selectFrom('infra_variable')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst()
}

/** As it is from now on; its version counts every change. */
export async function putInfraVariable(
  db: Db,
  row: Insertable<InfraVariableTable>,
): Promise<InfraVariableRow> {
  return db
    .insertInto('infra_variable')
    .values(row)
    .onConflict((clash) =>
      clash.columns(['environment_id', 'name']).doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        secret: eb.ref('excluded.secret'),
        version: sql<number>`infra_variable.version + 1`,
        updated_by: eb.ref('excluded.updated_by'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** False: there was none. */
export async function removeInfraVariable(db: Db, environmentId: string, name: string): Promise<boolean> {
  const result = await db
    .deleteFrom('infra_variable')
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}
