import type { Selectable } from 'kysely'

/** Drift that is known and may stay. */
export interface DriftIgnoreTable {
  id: string
  environment_id: string
  item_key: string
  /** Null: all of them. */
  address: string | null
  attribute: string | null
  /** Null: until it is taken back. */
  until: Date | null
  reason: string | null
  created_by: string | null
  created_at: Date
}

export type DriftIgnoreRow = Selectable<DriftIgnoreTable>
