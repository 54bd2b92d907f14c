import type { Generated } from 'kysely'

export interface LiveTable {
  environment_id: string
  item_key: string
  kind: string
  title: string
  /** Null: the item is not there. */
  version: string | null
  uncertain: Generated<boolean>
  deployment_id: string | null
  updated_at: Date
}
