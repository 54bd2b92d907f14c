import type { Generated, Selectable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'

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
