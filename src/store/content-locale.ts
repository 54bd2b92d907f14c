export interface ContentLocaleTable {
  id: string
  project_id: string
  code: string
  name: string
  /** Null: the master. */
  fallback_code: string | null
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}
