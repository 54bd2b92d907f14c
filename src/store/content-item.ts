export interface ContentItemTable {
  id: string
  branch_id: string
  uid: string
  kind: 'entry' | 'asset' | 'folder'
  content_type_uid: string | null
  parent_uid: string | null
  created_by: string | null
  created_at: Date
  deleted_at: Date | null
}
