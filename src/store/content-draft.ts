import type { Generated } from 'kysely'

export interface ContentDraftTable {
  item_id: string
  locale: string
  /** Branch, kind and type are the item's, for the index of lists. */
  branch_id: string
  kind: 'entry' | 'asset' | 'folder'
  content_type_uid: string | null
  version: number
  title: string
  in_progress: Generated<boolean>
  updated_by: string | null
  updated_at: Date
}
