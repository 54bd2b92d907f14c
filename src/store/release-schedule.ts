import type { Generated, Selectable } from 'kysely'
import type { Annotations, JsonColumnWithDefault, JsonObject } from './columns.ts'

/** A release that comes again and again. */
export interface ReleaseScheduleTable {
  id: string
  environment_id: string
  cron: string
  time_zone: Generated<string>
  /** How the deployments are that it asks for. */
  terms: JsonColumnWithDefault<JsonObject>
  annotations: JsonColumnWithDefault<Annotations>
  paused: Generated<boolean>
  next_at: Date | null
  last_at: Date | null
  last_deployment_id: string | null
  last_skipped: string | null
  version: Generated<number>
  created_by: string | null
  created_at: Date
  updated_at: Date
}

export type ReleaseScheduleRow = Selectable<ReleaseScheduleTable>
