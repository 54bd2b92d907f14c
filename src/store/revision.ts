import type { JsonColumn, JsonObject } from './columns.ts'

export interface RevisionTable {
  id: string
  project_id: string
  release_id: string
  number: number
  digest: string
  scope: 'change_set' | 'whole_state'
  items: JsonColumn<JsonObject[]>
  item_count: number
  created_by: string | null
  created_at: Date
}
