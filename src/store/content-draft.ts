import type { Generated } from 'kysely'

export interface ContentDraftTable {
  item_id: string
  locale: string
  version: number
  title: string
  in_progress: Generated<boolean>
  updated_by: string | null
  updated_at: Date
}
