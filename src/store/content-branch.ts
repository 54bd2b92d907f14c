export interface ContentBranchTable {
  id: string
  project_id: string
  uid: string
  source: string | null
  created_by: string | null
  created_at: Date
}
