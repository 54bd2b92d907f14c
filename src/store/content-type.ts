import type { Generated } from 'kysely'
import type { JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'

export interface ContentTypeTable {
  id: string
  branch_id: string
  uid: string
  title: string
  description: Generated<string>
  version: number
  fields: JsonColumn<JsonObject[]>
  options: JsonColumnWithDefault<JsonObject>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}
