import type { Generated, GeneratedAlways } from 'kysely'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'

export interface EventTable {
  ordinal: GeneratedAlways<number>
  id: string
  /** The transaction that wrote it: an xid8, as text. */
  xact: Generated<string>
  at: Date
  kind: string
  project_id: string | null
  environment_id: string | null
  subject_id: string | null
  actor: JsonColumn<JsonObject>
  reason: string | null
  data: JsonColumnWithDefault<JsonObject>
}
