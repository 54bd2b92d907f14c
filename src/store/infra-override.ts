import type { Generated, Selectable } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'

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
