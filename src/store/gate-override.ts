import type { Selectable } from 'kysely'
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

/** What is overridden already stays as it was. */
export async function insertGateOverrides(db: Db, rows: readonly GateOverrideRow[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('gate_override')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .execute()
}
