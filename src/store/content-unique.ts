export interface ContentUniqueTable {
  branch_id: string
  content_type_uid: string
  field: string
  locale: string
  value_sha256: Buffer
  item_id: string
}
