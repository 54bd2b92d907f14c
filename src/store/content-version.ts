import type { Generated } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'

export interface ContentVersionTable {
  item_id: string
  locale: string
  version: number
  name: string | null
  title: string
  data: JsonColumn<JsonObject>
  type_version: number | null
  reference_uids: Generated<string[]>
  created_by: string | null
  created_at: Date
}
