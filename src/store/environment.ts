import type { Generated } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'

export interface EnvironmentTable {
  id: string
  project_id: string
  name: string
  position: number
  tier: string | null
  parent_id: string | null
  requires_parent: Generated<boolean>
  executor: string
  annotations: JsonColumnWithDefault<Annotations>
  version: Generated<number>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}
