import type { Generated } from 'kysely'

export interface UserTable {
  id: string
  email: string
  name: string
  password_hash: string | null
  agent: Generated<boolean>
  disabled_at: Date | null
  created_at: Date
  updated_at: Date
}
