import type { Generated, Selectable } from 'kysely'

/** A state as it was once. */
export interface InfraStateVersionTable {
  environment_id: string
  version: number
  serial: number | null
  lineage: string | null
  /** Null: the state was removed. */
  blob_digest: string | null
  bytes: Generated<number>
  lock_id: string | null
  deployment_id: string | null
  run_id: string | null
  written_by: string | null
  created_at: Date
}

export type InfraStateVersionRow = Selectable<InfraStateVersionTable>
