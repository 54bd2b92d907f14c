import type { GeneratedAlways } from 'kysely'

export interface ReleaseItemTable {
  release_id: string
  item_key: string
  position: GeneratedAlways<number>
  kind: string
  action: 'publish' | 'unpublish' | 'set'
  version: string | null
  title: string
  created_at: Date
}
