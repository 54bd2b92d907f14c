import { sql, type Selectable } from 'kysely'
import type { OverridableGate } from '#domain/gates.ts'
import type { Db } from './database.ts'

export interface GateOverrideTable {
  deployment_id: string
  gate: OverridableGate
  user_id: string | null
  reason: string
  at: Date
}

export type GateOverrideRow = Selectable<GateOverrideTable>

export function listGateOverrides(db: Db, deploymentIds: readonly string[]): Promise<GateOverrideRow[]> {
  return db
    .selectFrom('gate_override')
    .selectAll()
    .where('deployment_id', '=', sql<string>`any(${sql.val(deploymentIds)}::uuid[])`)
    .execute()
}

/** What is overridden already stays as it was. */
export async function insertGateOverrides(db: Db, rows: readonly GateOverrideRow[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('gate_override')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .execute()
}
