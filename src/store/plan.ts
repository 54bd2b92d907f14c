import type { JsonColumn, JsonObject } from './columns.ts'

export interface PlanTable {
  id: string
  environment_id: string
  revision_id: string
  digest: string
  changes: JsonColumn<JsonObject[]>
  created_at: Date
}
