export interface RoleGrantTable {
  user_id: string
  /** Null: held on the whole instance. */
  project_id: string | null
  role: 'viewer' | 'releaser' | 'approver' | 'admin'
  created_at: Date
}
